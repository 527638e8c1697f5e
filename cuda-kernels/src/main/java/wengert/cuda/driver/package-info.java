/// The CUDA driver, checked: every call's status is looked at, and an error says which call it was, of what
/// size and on which stream.
package wengert.cuda.driver;

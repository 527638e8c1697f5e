/// Variables with a history, and everything that walks that history backwards.
package wengert.autograd;

/// Files: JSON, safetensors, npy and npz, PNG, IDX and CIFAR-10. What comes from outside is hostile until
/// checked.
package wengert.tensor.io;

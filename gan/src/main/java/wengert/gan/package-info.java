/// Generative adversarial networks: the pair of networks, what they play for, and the trainer that alternates them.
package wengert.gan;

/// GANs: networks, adversarial losses, penalties, the trainer, data, runs, and the command line.
module wengert.gan {
    requires transitive wengert.nn;

    exports wengert.gan;
}

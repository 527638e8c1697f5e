/// Neural networks: modules, layers, initialisers, losses, optimisers and schedules.
module wengert.nn {
    requires transitive wengert.autograd;

    exports wengert.nn;
    exports wengert.nn.init;
    exports wengert.nn.loss;
    exports wengert.nn.optim;
}

/// Automatic differentiation: variables, the history of a computation, and the way back through it.
module wengert.autograd {
    requires transitive wengert.tensor;

    exports wengert.autograd;
}

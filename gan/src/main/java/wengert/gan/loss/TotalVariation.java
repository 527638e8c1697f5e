package wengert.gan.loss;

import wengert.autograd.Variable;

/// Smooths generated images (Rudin, Osher and Fatemi 1992, anisotropic): `weight · (E|x[h+1] − x[h]| +
/// E|x[w+1] − x[w]|)`. For the generator's side.
///
/// @param weight 0 for none
public record TotalVariation(double weight) implements AuxiliaryLoss {
    @Override
    public String name() {
        return "loss_tv";
    }

    @Override
    public Variable term(Step step) {
        return differences(step.fake(), 2).add(differences(step.fake(), 3)).mul(weight);
    }

    private static Variable differences(Variable x, int axis) {
        int n = x.shape().size(axis);
        return x.slice(axis, 1, n, 1).sub(x.slice(axis, 0, n - 1, 1)).abs().mean();
    }
}

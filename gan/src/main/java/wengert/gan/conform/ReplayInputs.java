package wengert.gan.conform;

import wengert.gan.data.Batch;
import wengert.gan.train.Phase;
import wengert.gan.train.StepInputs;
import wengert.tensor.Tensor;

/// The recorded data and random numbers of a reference trajectory.
final class ReplayInputs implements StepInputs {
    private final Vectors vectors;
    private final String id;
    private final Setting setting;

    ReplayInputs(Vectors vectors, String id, Setting setting) {
        this.vectors = vectors;
        this.id = id;
        this.setting = setting;
    }

    @Override
    public Batch real(int iteration, int a) {
        return new Batch(recorded(iteration, a, "real"), recorded(iteration, a, "real_label"));
    }

    @Override
    public Tensor noise(Phase phase, int iteration, int a, int n) {
        return recorded(iteration, a, phase == Phase.DISCRIMINATOR ? "noise_d" : "noise_g");
    }

    @Override
    public Tensor labels(Phase phase, int iteration, int a, int n) {
        return recorded(iteration, a, phase == Phase.DISCRIMINATOR ? "fake_label_d" : "fake_label_g");
    }

    @Override
    public Tensor epsilon(int iteration, int a, int n) {
        return recorded(iteration, a, "gp_epsilon");
    }

    private Tensor recorded(int iteration, int a, String what) {
        Tensor t = vectors.find(id + ":iter" + iteration + ":acc" + a + ":" + what);
        return t == null ? null : setting.operand(t);
    }
}

package wengert.gan.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import wengert.autograd.Parameter;
import wengert.autograd.Autograd;
import wengert.autograd.Variable;
import wengert.gan.data.Batch;
import wengert.gan.loss.AdversarialLoss;
import wengert.gan.loss.AuxiliaryLoss;
import wengert.gan.loss.Step;
import wengert.gan.nets.Network;
import wengert.nn.optim.ClipGrad;
import wengert.nn.optim.Optimizer;
import wengert.nn.optim.Schedule;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;

/// Trains two networks against each other, in mmgeneration's order. One iteration is one update of the
/// discriminator:
///
/// 1. zero D's gradients; for each accumulation step: fakes without history (the generator in train mode, its
///    statistics move), D(fake), then D(real), losses and auxiliary losses divided by the number of
///    accumulation steps, backward; then D's optimiser, and weight clipping.
/// 2. If `(t + 1) % discSteps == 0` and `t ≥ discInitSteps`, `genSteps` times: D frozen, zero G's gradients,
///    for each accumulation step fresh noise, G, D, loss, backward; then G's optimiser and the moving
///    average.
///
/// After a generator phase D's gradients are what they were before it. Logging, checkpoints and pictures are
/// around the trainer, not in it.
///
/// ```java
/// var trainer = new GanTrainer(G, D, optG, optD, new Hinge()).discSteps(5);
/// for (int t = 0; t < 1000; t++) {
///     Map<String, Double> losses = trainer.iteration(t, inputs);
/// }
/// ```
public final class GanTrainer {
    private final Network generator;
    private final Network discriminator;
    private final Optimizer optG;
    private final Optimizer optD;
    private final AdversarialLoss loss;
    private final List<AuxiliaryLoss> discAuxiliary = new ArrayList<>();
    private final List<AuxiliaryLoss> genAuxiliary = new ArrayList<>();
    private int discSteps = 1;
    private int genSteps = 1;
    private int discInitSteps;
    private int accumulation = 1;
    private double generatorWeight = 1;
    private double weightClip;
    private double clipGradNorm;
    private Schedule scheduleG = Schedule.constant();
    private Schedule scheduleD = Schedule.constant();
    private Ema ema;
    private int generatorUpdates;
    private final LossLog log = new LossLog();

    /// @param optG steps the generator's parameters only
    /// @param optD steps the discriminator's parameters only
    /// @throws IllegalArgumentException if an optimiser steps anything else, as when the two are swapped
    public GanTrainer(Network generator, Network discriminator, Optimizer optG, Optimizer optD,
            AdversarialLoss loss) {
        this.generator = generator;
        this.discriminator = discriminator;
        this.optG = optG;
        this.optD = optD;
        this.loss = loss;
        requireOwn("optG", optG, "generator", generator);
        requireOwn("optD", optD, "discriminator", discriminator);
    }

    private static void requireOwn(String name, Optimizer optimizer, String role, Network network) {
        List<Parameter> own = network.parameters(); // a parameter equals itself only
        for (Optimizer.Group group : optimizer.groups()) {
            for (Parameter p : group.parameters()) {
                if (!own.contains(p)) {
                    throw new IllegalArgumentException("trainer: expected " + name + " to step the " + role
                            + "'s parameters only, got '" + p.name() + "' " + p.shape()
                            + "; make it with new Optimizer(" + role + ".parameters(), rule)");
                }
            }
        }
    }

    /// Discriminator updates for each turn of the generator; 1 unless said otherwise.
    public GanTrainer discSteps(int n) {
        discSteps = positive("discSteps", n);
        return this;
    }

    /// Generator updates in each of its turns; 1 unless said otherwise.
    public GanTrainer genSteps(int n) {
        genSteps = positive("genSteps", n);
        return this;
    }

    /// Iterations before the generator's first turn; 0 unless said otherwise.
    public GanTrainer discInitSteps(int n) {
        discInitSteps = n;
        return this;
    }

    /// Batches whose gradients are added up for one update; 1 unless said otherwise.
    public GanTrainer accumulation(int n) {
        accumulation = positive("accumulation", n);
        return this;
    }

    /// Factor of the generator's adversarial loss; 1 unless said otherwise.
    public GanTrainer generatorWeight(double weight) {
        generatorWeight = weight;
        return this;
    }

    /// After each update the discriminator's parameters are clamped to [−limit, limit]; 0 for not at all.
    public GanTrainer weightClip(double limit) {
        weightClip = limit;
        return this;
    }

    /// Longest gradient of either network, as the 2-norm over all of its parameters; 0 for no limit.
    public GanTrainer clipGradNorm(double limit) {
        clipGradNorm = limit;
        return this;
    }

    /// Adds a term to the discriminator's loss.
    public GanTrainer discriminatorAuxiliary(AuxiliaryLoss term) {
        discAuxiliary.add(term);
        return this;
    }

    /// Adds a term to the generator's loss.
    public GanTrainer generatorAuxiliary(AuxiliaryLoss term) {
        genAuxiliary.add(term);
        return this;
    }

    /// Learning rates: the generator's counts its own updates, the discriminator's iterations.
    public GanTrainer schedules(Schedule generator, Schedule discriminator) {
        scheduleG = generator;
        scheduleD = discriminator;
        return this;
    }

    /// Keeps a moving average of the generator.
    public GanTrainer ema(Ema average) {
        ema = average;
        return this;
    }

    /// Updates of the generator so far.
    public int generatorUpdates() {
        return generatorUpdates;
    }

    /// Continues a run: says how often the generator has been updated.
    public void generatorUpdates(int n) {
        generatorUpdates = n;
    }

    /// One iteration, and its losses: [#step], then [#losses].
    ///
    /// @param t      counted over the run, from 0
    /// @param inputs data and random numbers
    /// @return losses by name, means over the accumulation steps: `loss_disc_fake`, `loss_disc_real`,
    ///         auxiliary ones already weighted, and `loss_gen` if the generator had its turn
    /// @throws DivergedException if a loss is not finite
    public Map<String, Double> iteration(int t, StepInputs inputs) {
        step(t, inputs);
        return losses().getLast();
    }

    /// One iteration. On a device with memory of its own this returns when the work is queued, and nothing is
    /// read back.
    ///
    /// If something goes wrong in a phase, the networks, with their buffers, the optimisers and the counters
    /// are as they were before that phase. Where the average cannot follow, the update before it stands.
    ///
    /// @param t      counted over the run, from 0
    /// @param inputs data and random numbers
    /// @throws DivergedException if a loss in host memory is not finite; the update it belongs to has not
    ///                           been made
    public void step(int t, StepInputs inputs) {
        log.begin(t);
        try {
            int[] sizes = undone(() -> discriminatorPhase(t, inputs));
            if ((t + 1) % discSteps == 0 && t >= discInitSteps) {
                for (int update = 0; update < genSteps; update++) {
                    int which = update;
                    undone(() -> {
                        generatorPhase(t, which, inputs, sizes);
                        return null;
                    });
                    if (ema != null) {
                        ema.update(t);
                    }
                }
            }
        } catch (RuntimeException | Error e) {
            log.undo();
            throw e;
        }
    }

    /// The losses of the iterations since the last call, in order, see [#iteration]. Waits for the device.
    ///
    /// @throws DivergedException if a loss on the device was not finite; updates have been made with it
    public List<Map<String, Double>> losses() {
        return log.read();
    }

    /// Runs a phase of an iteration; if it fails, buffers are what they were. (Parameters and what optimisers
    /// keep change at its end only, all or none.)
    private <R> R undone(Supplier<R> phase) {
        try (var all = Scope.open("phase")) {
            List<Tensor> buffers = new ArrayList<>(generator.namedBuffers().values());
            buffers.addAll(discriminator.namedBuffers().values());
            List<Tensor> before = buffers.stream().map(Tensor::copy).toList();
            try {
                return phase.get();
            } catch (RuntimeException | Error e) {
                try {
                    for (int i = 0; i < before.size(); i++) {
                        buffers.get(i).inPlace("undoing a failed phase").copy(before.get(i));
                    }
                } catch (RuntimeException lost) {
                    e.addSuppressed(lost); // where the device is lost, so are the numbers on it
                }
                throw e;
            }
        }
    }

    private int[] discriminatorPhase(int t, StepInputs inputs) {
        int[] sizes = new int[accumulation];
        optD.zeroGrad();
        for (int a = 0; a < accumulation; a++) {
            try (var step = Scope.open("D step")) {
                Batch batch = inputs.real(t, a);
                int n = batch.size();
                sizes[a] = n;
                Tensor labels = inputs.labels(Phase.DISCRIMINATOR, t, a, n);
                Tensor fake = fakes(inputs.noise(Phase.DISCRIMINATOR, t, a, n), labels);
                Variable onFake = discriminator.forward(Variable.of(fake), labels);
                Variable onReal = discriminator.forward(Variable.of(batch.images()), batch.labels());
                Variable total = log.add("loss_disc_fake", loss.fake(onFake), accumulation)
                        .add(log.add("loss_disc_real", loss.real(onReal), accumulation));
                int part = a;
                var seen = new Step(t, discriminator, batch.images(), batch.labels(), Variable.of(fake),
                        onReal, onFake, () -> inputs.epsilon(t, part, n));
                total = withAuxiliary(total, discAuxiliary, seen, accumulation);
                Autograd.of(total.div(accumulation)).releaseValues(true).backward();
            }
        }
        log.requireFinite();
        clip(discriminator);
        optD.step(scheduleD, t);
        if (weightClip > 0) {
            discriminator.parameters().forEach(
                    p -> p.value().inPlace("weight clipping").clamp(-weightClip, weightClip));
        }
        return sizes;
    }

    /// Generated values without a history; what the generator makes on the way goes at once.
    private Tensor fakes(Tensor z, Tensor labels) {
        try (var pass = Scope.open("fakes")) {
            return pass.keep(generator.forward(z, labels));
        }
    }

    /// One update of the generator.
    private void generatorPhase(int t, int update, StepInputs inputs, int[] sizes) {
        int parts = accumulation * genSteps;
        try (var frozen = discriminator.frozen()) {
            optG.zeroGrad();
            for (int a = 0; a < accumulation; a++) {
                try (var step = Scope.open("G step")) {
                    int part = update * accumulation + a;
                    int n = sizes[a];
                    Tensor labels = inputs.labels(Phase.GENERATOR, t, part, n);
                    Variable z = Variable.of(inputs.noise(Phase.GENERATOR, t, part, n));
                    Variable fake = generator.forward(z, labels);
                    Variable logits = discriminator.forward(fake, labels);
                    Variable total = log.add("loss_gen", loss.generator(logits).mul(generatorWeight), parts);
                    var seen = new Step(t, discriminator, null, null, fake, null, logits,
                            () -> inputs.epsilon(t, part, n));
                    total = withAuxiliary(total, genAuxiliary, seen, parts);
                    Autograd.of(total.div(accumulation)).releaseValues(true).backward();
                }
            }
            log.requireFinite();
            clip(generator);
            optG.step(scheduleG, generatorUpdates);
        }
        generatorUpdates++;
    }

    private Variable withAuxiliary(Variable total, List<AuxiliaryLoss> terms, Step step, int parts) {
        Variable sum = total;
        for (AuxiliaryLoss auxiliary : terms) {
            Variable term = auxiliary.term(step);
            if (term != null) {
                sum = sum.add(log.add(auxiliary.name(), term, parts));
            }
        }
        return sum;
    }

    private void clip(Network network) {
        if (clipGradNorm > 0) {
            ClipGrad.limit(network.parameters(), clipGradNorm);
        }
    }

    private static int positive(String what, int n) {
        if (n < 1) {
            throw new IllegalArgumentException(what + ": expected at least 1, got " + n);
        }
        return n;
    }
}

package wengert.gan.conform;

import wengert.nn.optim.Schedule;

/// Replays a learning-rate schedule: the rate at step 0, 1, 2, …; always in f64.
final class ScheduleReplay {
    private ScheduleReplay() {
    }

    static Outcome replay(Case c, Setting setting) {
        var outcome = new Outcome(c.id(), c.id(), setting);
        Schedule schedule = schedule(c.text("scheduler"), c.part("args"));
        double[] want = c.reals("lrs");
        for (int n = 0; n < want.length; n++) {
            outcome.compare("lr at step " + n, schedule.lr(c.real("lr", 0), n), want[n], 1e-12);
        }
        return outcome;
    }

    private static Schedule schedule(String name, Case a) {
        return switch (name) {
            case "step" -> Schedule.step(a.whole("step_size", 1), a.real("gamma", 0.1));
            case "multi_step" -> Schedule.multiStep(a.real("gamma", 0.1),
                    java.util.Arrays.stream(a.wholes("milestones")).asLongStream().toArray());
            case "exponential" -> Schedule.exponential(a.real("gamma", 0.1));
            case "cosine" -> Schedule.cosine(a.whole("t_max", 1), a.real("eta_min", 0));
            case "linear" -> Schedule.linear(a.real("start_factor", 1), a.real("end_factor", 0),
                    a.whole("total_iters", 1));
            default -> throw new IllegalArgumentException("conform: there is no schedule '" + name
                    + "' in this library");
        };
    }
}

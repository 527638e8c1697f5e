package wengert.nn.optim;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wengert.tensor.Tensor;
import wengert.tensor.io.Json;

/// The optimiser and schedule cases of PyTorch 2.13 in f64.
final class Reference {
    private static final Map<?, ?> ALL = read();

    private Reference() {
    }

    private static Map<?, ?> read() {
        try (InputStream in = Reference.class.getResourceAsStream("reference.json")) {
            return (Map<?, ?>) Json.parse(in.readAllBytes(), 1 << 20, "reference.json");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// A parameter's numbers at one step.
    record Update(Tensor grad, Tensor after) {
    }

    /// One optimiser case.
    record Case(String id, String optimizer, Map<?, ?> args, Map<String, Tensor> init,
            List<Map<String, Update>> steps) {
        double arg(String name, double fallback) {
            Object value = args.get(name);
            return value == null ? fallback : ((Number) value).doubleValue();
        }

        boolean flag(String name) {
            return Boolean.TRUE.equals(args.get(name));
        }

        UpdateRule rule() {
            double lr = arg("lr", Double.NaN);
            double decay = arg("weight_decay", optimizer.equals("adamw") ? 0.01 : 0);
            List<?> betas = args.get("betas") instanceof List<?> l ? l : List.of(0.9, 0.999);
            double beta1 = ((Number) betas.get(0)).doubleValue();
            double beta2 = ((Number) betas.get(1)).doubleValue();
            double eps = arg("eps", optimizer.equals("adagrad") ? 1e-10 : 1e-8);
            return switch (optimizer) {
                case "sgd" -> new Sgd(lr, arg("momentum", 0), arg("dampening", 0), decay, flag("nesterov"));
                case "adam" -> new Adam(lr, beta1, beta2, eps, decay, flag("amsgrad"));
                case "adamw" -> new AdamW(lr, beta1, beta2, eps, decay, flag("amsgrad"));
                case "rmsprop" -> new RmsProp(lr, arg("alpha", 0.99), eps, decay, arg("momentum", 0),
                        flag("centered"));
                case "adagrad" -> new Adagrad(lr, arg("lr_decay", 0), decay, arg("initial_accumulator_value",
                        0), eps);
                default -> throw new IllegalArgumentException(optimizer);
            };
        }

        @Override
        public String toString() {
            return id;
        }
    }

    static List<Case> optimizers() {
        List<Case> cases = new ArrayList<>();
        for (Object o : (List<?>) ALL.get("optimizers")) {
            Map<?, ?> c = (Map<?, ?>) o;
            Map<String, Tensor> init = new LinkedHashMap<>();
            ((Map<?, ?>) c.get("init")).forEach((p, values) -> init.put((String) p, tensor((String) p,
                    values)));
            List<Map<String, Update>> steps = new ArrayList<>();
            for (Object step : (List<?>) c.get("steps")) {
                Map<String, Update> updates = new LinkedHashMap<>();
                ((Map<?, ?>) step).forEach((p, u) -> {
                    Map<?, ?> update = (Map<?, ?>) u;
                    updates.put((String) p, new Update(tensor((String) p, update.get("grad")),
                            tensor((String) p, update.get("after"))));
                });
                steps.add(updates);
            }
            cases.add(new Case((String) c.get("id"), (String) c.get("optimizer"), (Map<?, ?>) c.get("args"),
                    init,
                    steps));
        }
        return cases;
    }

    private static Tensor tensor(String parameter, Object values) {
        int[] shape = numbers(((Map<?, ?>) ALL.get("shapes")).get(parameter)).intStream().toArray();
        return Tensor.of(numbers(values).values(), shape);
    }

    /// One schedule case.
    record ScheduleCase(String id, String scheduler, Map<?, ?> args, double lr, double[] lrs) {
        double arg(String name) {
            return ((Number) args.get(name)).doubleValue();
        }

        Schedule schedule() {
            return switch (scheduler) {
                case "step" -> Schedule.step((long) arg("step_size"), arg("gamma"));
                case "multi_step" -> Schedule.multiStep(arg("gamma"),
                        numbers(args.get("milestones")).intStream().asLongStream().toArray());
                case "exponential" -> Schedule.exponential(arg("gamma"));
                case "cosine" -> Schedule.cosine((long) arg("t_max"), arg("eta_min"));
                case "linear" -> Schedule.linear(arg("start_factor"), arg("end_factor"),
                        (long) arg("total_iters"));
                default -> throw new IllegalArgumentException(scheduler);
            };
        }

        @Override
        public String toString() {
            return id;
        }
    }

    static List<ScheduleCase> schedules() {
        List<ScheduleCase> cases = new ArrayList<>();
        for (Object o : (List<?>) ALL.get("schedules")) {
            Map<?, ?> c = (Map<?, ?>) o;
            cases.add(new ScheduleCase((String) c.get("id"), (String) c.get("scheduler"), (Map<?,
                    ?>) c.get("args"),
                    ((Number) c.get("lr")).doubleValue(), numbers(c.get("lrs")).values()));
        }
        return cases;
    }

    private record Numbers(double[] values) {
        java.util.stream.IntStream intStream() {
            return java.util.Arrays.stream(values).mapToInt(v -> (int) v);
        }
    }

    private static Numbers numbers(Object list) {
        return new Numbers(((List<?>) list).stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray());
    }
}

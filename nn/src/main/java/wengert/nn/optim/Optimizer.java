package wengert.nn.optim;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wengert.autograd.Frozen;
import wengert.autograd.Parameter;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.TensorException;

/// Changes parameters by their gradients, in groups that may have rules and learning rates of their own.
///
/// ```java
/// var optimizer = new Optimizer(net.parameters(), Adam.of(2e-4).betas(0.5, 0.999));
/// for (...) {
///     optimizer.zeroGrad();
///     loss.backward();
///     optimizer.step();
/// }
/// ```
///
/// A parameter without a gradient, or frozen on this thread, or no longer requiring one, is left alone
/// altogether: no weight decay, no momentum, no count. Parameters are changed in place and keep their
/// identity; what was saved for a backward pass before notices. State is made outside of any scope and is
/// keyed by the parameters' names.
public final class Optimizer {
    /// Parameters that share a rule and a learning rate.
    public static final class Group {
        private final UpdateRule rule;
        private final List<Parameter> parameters;
        private double lr;

        private Group(UpdateRule rule, List<Parameter> parameters) {
            this.rule = rule;
            this.parameters = parameters;
            lr(rule.lr());
        }

        /// Formula and settings.
        public UpdateRule rule() {
            return rule;
        }

        /// Its parameters, in order.
        public List<Parameter> parameters() {
            return parameters;
        }

        /// Learning rate of the next step.
        public double lr() {
            return lr;
        }

        /// Changes the learning rate.
        ///
        /// @throws TensorException if it is negative or not finite
        public void lr(double value) {
            lr = UpdateRule.notNegative(rule.name(), "learning rate", value);
        }
    }

    private final List<Group> groups = new ArrayList<>();
    private final Map<Parameter, ParameterState> states = new IdentityHashMap<>();

    /// One group; [#add] gives more.
    public Optimizer(List<Parameter> parameters, UpdateRule rule) {
        add(parameters, rule);
    }

    /// Adds a group.
    ///
    /// @return this
    /// @throws TensorException if it is empty or a parameter is in a group already
    public Optimizer add(List<Parameter> parameters, UpdateRule rule) {
        if (parameters.isEmpty()) {
            throw new TensorException(rule.name()
                    + ": the list of parameters is empty; pass module.parameters()");
        }
        Map<Parameter, ParameterState> fresh = new IdentityHashMap<>();
        for (Parameter p : parameters) {
            if (states.containsKey(p) || fresh.put(p, new ParameterState(p)) != null) {
                throw new TensorException(rule.name() + ": parameter '" + p.name() + "' " + p.shape()
                        + " appears twice; it would be updated twice in each step");
            }
        }
        groups.add(new Group(rule, List.copyOf(parameters)));
        states.putAll(fresh);
        return this;
    }

    /// The groups, in order of addition.
    public List<Group> groups() {
        return List.copyOf(groups);
    }

    /// Forgets the gradients of all parameters.
    public void zeroGrad() {
        groups.forEach(group -> group.parameters.forEach(Parameter::zeroGrad));
    }

    /// Sets the learning rates that a schedule gives for one step, and steps.
    ///
    /// @param number number of steps before this one
    public void step(Schedule schedule, long number) {
        for (Group group : groups) {
            group.lr(schedule.lr(group.rule.lr(), number));
        }
        step();
    }

    /// Updates every parameter that has a gradient and is neither frozen nor excluded from training.
    ///
    /// @throws TensorException if a value or a gradient has been given back; nothing has changed then
    public void step() {
        groups.forEach(group -> due(group).forEach(p -> requireThere(group, p)));
        List<KernelSteps> steps = prepared();
        for (int i = 0; i < steps.size(); i++) {
            Group group = groups.get(i);
            for (KernelSteps.Due d : run(steps, i)) {
                try (var _ = Scope.open(group.rule.by())) {
                    group.rule.update(d.p(), d.g(), d.s(), group.lr);
                }
            }
        }
    }

    /// The kernels of a group; if they cannot be started, neither its parameters nor those of the groups
    /// after it have been updated, and nor are their counts.
    private static List<KernelSteps.Due> run(List<KernelSteps> steps, int group) {
        try {
            return steps.get(group).run();
        } catch (RuntimeException | Error e) {
            steps.subList(group, steps.size()).forEach(KernelSteps::undo);
            throw e;
        }
    }

    /// Counts, and makes what has to be kept for each parameter: all that needs memory, before anything
    /// changes. If there is none, counts and state are as they were.
    private List<KernelSteps> prepared() {
        List<KernelSteps> steps = new ArrayList<>(groups.size());
        List<ParameterState> counted = new ArrayList<>();
        try {
            for (Group group : groups) {
                List<KernelSteps.Due> due = new ArrayList<>(group.parameters.size());
                for (Parameter p : due(group)) {
                    ParameterState state = states.get(p);
                    state.begin();
                    counted.add(state);
                    due.add(new KernelSteps.Due(p.value(), p.lendGrad(), state));
                }
                steps.add(new KernelSteps(group.rule, group.lr, due));
            }
            return steps;
        } catch (RuntimeException | Error e) {
            counted.forEach(ParameterState::undo);
            throw e;
        }
    }

    private static List<Parameter> due(Group group) {
        List<Parameter> due = new ArrayList<>(group.parameters.size());
        for (Parameter p : group.parameters) {
            if (p.lendGrad() != null && p.requiresGrad() && !Frozen.contains(p)) {
                due.add(p);
            }
        }
        return due;
    }

    private static void requireThere(Group group, Parameter p) {
        try {
            p.value().view().storage().data();
            p.lendGrad().view().storage().data();
        } catch (TensorException e) {
            throw new TensorException(group.rule.by() + ": parameter '" + p.name() + "' or its gradient: "
                    + e.getMessage(), e);
        }
    }

    /// Number of updates of a parameter so far.
    public long count(Parameter p) {
        return of(p).count();
    }

    /// All parameters, group by group.
    List<Parameter> parameters() {
        List<Parameter> all = new ArrayList<>();
        groups.forEach(group -> all.addAll(group.parameters));
        return all;
    }

    /// What is kept for a parameter.
    Collection<Tensor> slots(Parameter p) {
        return of(p).slots().values();
    }

    private ParameterState of(Parameter p) {
        ParameterState state = states.get(p);
        if (state == null) {
            throw new TensorException("optimizer: parameter '" + p.name() + "' is in none of the groups");
        }
        return state;
    }

    /// Everything needed to go on exactly: for each updated parameter `NAME/step` (i64 `[]`) and `NAME/SLOT`,
    /// and for each group `groups/I/lr` (f64 `[]`). A snapshot, which later steps do not change.
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        Scope.outside(() -> {
            for (int i = 0; i < groups.size(); i++) {
                state.put(rate(i), Tensor.of(new double[] {groups.get(i).lr}));
            }
            named().forEach((name, s) -> {
                if (s.count() > 0) {
                    state.put(counter(name), Tensor.of(new long[] {s.count()}));
                    s.slots().forEach((slot, value) -> state.put(name + "/" + slot, value.copy()));
                }
            });
            return null;
        });
        return state;
    }

    /// Goes on where another optimiser with the same groups stood.
    ///
    /// @param state what [#state] said
    /// @throws TensorException listing everything that does not fit; nothing has changed then
    public void load(Map<String, Tensor> state) {
        new StateLoader(this, state).load();
    }

    /// States by parameter name.
    Map<String, ParameterState> named() {
        Map<String, ParameterState> named = new LinkedHashMap<>();
        for (Group group : groups) {
            for (Parameter p : group.parameters) {
                if (named.put(p.name(), states.get(p)) != null) {
                    throw new TensorException("optimizer: two parameters are called '" + p.name()
                            + "', so their states cannot be told apart; initialise them under one root");
                }
            }
        }
        return named;
    }

    static String rate(int group) {
        return "groups/" + group + "/lr";
    }

    static String counter(String name) {
        return name + "/step";
    }
}

package wengert.nn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import wengert.autograd.Frozen;
import wengert.autograd.Parameter;
import wengert.nn.init.InitRules;
import wengert.nn.init.Initialiser;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.TensorException;

/// A part of a network: named parameters, named buffers and named modules inside it, together a tree. Names
/// are paths from the module one asks: `body.0.weight`.
///
/// ```java
/// final class Net extends Module implements Layer {
///     private final Linear hidden = child("hidden", new Linear(2, 16));
///     private final Linear out = child("out", new Linear(16, 1));
///
///     public <T extends TensorOps<T>> T forward(T x) {
///         T h = within("hidden", () -> hidden.forward(x)).tanh();
///         return within("out", () -> out.forward(h));
///     }
/// }
/// Net net = new Net();
/// net.init(Generator.seeded(42));
/// Tensor y = net.forward(x);                              // values only
/// net.forward(Variable.of(x)).square().mean().backward(); // gradients in net.parameters()
/// ```
///
/// Parameters and buffers are declared when a module is built and get their numbers from [#init] on the root,
/// or from [#loadStateDict]; using them before is an error that says so. A module that appears twice in the
/// tree counts once, under its first name, and so does a shared parameter.
///
/// A module is in training mode until [#eval] says otherwise. Mode is independent of the kind of value that
/// flows through, and of freezing: in training mode buffers move whether or not anything is recorded or
/// trained.
public abstract class Module {
    /// A declared parameter.
    ///
    /// @param role        what initialisation rules call it: its name, or `weight` where a norm renamed it
    /// @param initialiser default; null in modules that only share it
    record Slot(Parameter parameter, String role, Initialiser initialiser) {
    }

    private final Map<String, Slot> parameters = new LinkedHashMap<>();
    private final Map<String, Buffer> buffers = new LinkedHashMap<>();
    private final Map<String, Module> children = new LinkedHashMap<>();
    private boolean training = true;

    /// An empty module in training mode.
    protected Module() {
    }

    /// Declares a trained parameter, f32 on the CPU until moved.
    ///
    /// @param name        unique in this module
    /// @param initialiser default, which [InitRules] may replace
    protected final Parameter parameter(String name, Shape shape, Initialiser initialiser) {
        claim(name);
        var p = new Parameter(name, shape, DType.F32, Device.CPU);
        parameters.put(name, new Slot(p, name, initialiser));
        return p;
    }

    /// Shares a parameter of another module, which keeps its own default initialiser.
    protected final Parameter parameter(String name, Parameter shared) {
        claim(name);
        parameters.put(name, new Slot(shared, name, null));
        return shared;
    }

    /// Declares a buffer.
    ///
    /// @param name        unique in this module
    /// @param dtype       a floating dtype follows [#to(DType)], an integer one stays
    /// @param initialiser first values
    protected final Buffer buffer(String name, Shape shape, DType dtype, Initialiser initialiser) {
        claim(name);
        var b = new Buffer(name, shape, dtype, initialiser);
        buffers.put(name, b);
        return b;
    }

    /// Adds a module inside this one.
    ///
    /// @param name unique in this module
    /// @return the module
    /// @throws TensorException if this module lies inside of it, which would be a cycle
    protected final <M extends Module> M child(String name, M module) {
        claim(name);
        if (module.tree().containsValue(this)) {
            throw new TensorException("module: adding " + module.getClass().getSimpleName() + " as '" + name
                    + "' would make a cycle, because it contains this " + getClass().getSimpleName());
        }
        children.put(name, module);
        return module;
    }

    private void claim(String name) {
        if (name.isEmpty() || name.contains(".") || name.contains("/")) {
            throw new TensorException("module: '" + name
                    + "' cannot be a name: it must not be empty nor contain "
                    + "'.' or '/', which join names to paths");
        }
        if (parameters.containsKey(name) || buffers.containsKey(name) || children.containsKey(name)) {
            throw new TensorException("module: " + getClass().getSimpleName() + " has a '" + name
                    + "' already; names of parameters, buffers and modules are unique in a module");
        }
    }

    /// Calls a parameter otherwise from now on. Initialisation rules still know it by its old name.
    final void rename(String from, String to) {
        claim(to);
        Slot slot = parameters.remove(from);
        slot.parameter.rename(to);
        parameters.put(to, slot);
    }

    /// This module and those inside it, each once, parents before children in order of declaration, by path;
    /// this one under the empty path.
    final Map<String, Module> tree() {
        Map<String, Module> found = new LinkedHashMap<>();
        collect("", found, Collections.newSetFromMap(new IdentityHashMap<>()));
        return found;
    }

    private void collect(String path, Map<String, Module> found, Set<Module> seen) {
        if (seen.add(this)) {
            found.put(path, this);
            children.forEach((name, child) -> child.collect(join(path, name), found, seen));
        }
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /// The modules directly inside this one, by name.
    public final Map<String, Module> children() {
        return Collections.unmodifiableMap(children);
    }

    /// All parameters by path, in order of declaration, parents before children; a shared one once.
    public final Map<String, Parameter> namedParameters() {
        Map<String, Parameter> named = new LinkedHashMap<>();
        Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        tree().forEach((path, module) -> module.parameters.forEach((name, slot) -> {
            if (seen.add(slot.parameter)) {
                named.put(join(path, name), slot.parameter);
            }
        }));
        return named;
    }

    /// All parameters, each once, in the order of [#namedParameters].
    public final List<Parameter> parameters() {
        return List.copyOf(namedParameters().values());
    }

    /// All buffers' live values by path.
    public final Map<String, Tensor> namedBuffers() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        bufferObjects().forEach((name, b) -> named.put(name, b.value()));
        return named;
    }

    /// What this module itself has declared or shared.
    final Collection<Slot> slots() {
        return parameters.values();
    }

    final Map<String, Buffer> bufferObjects() {
        Map<String, Buffer> named = new LinkedHashMap<>();
        tree().forEach((path, module) ->
                module.buffers.forEach((name, b) -> named.put(join(path, name), b)));
        return named;
    }

    /// Number of trained numbers.
    public final long parameterCount() {
        long n = 0;
        for (Parameter p : parameters()) {
            n += p.shape().elements();
        }
        return n;
    }

    /// Gives values to all parameters and buffers by the layers' defaults, see
    /// [#init(Generator, InitRules, String)].
    public final void init(Generator random) {
        init(random, InitRules.defaults(), "");
    }

    /// Gives values to all parameters and buffers, see [#init(Generator, InitRules, String)].
    public final void init(Generator random, InitRules rules) {
        init(random, rules, "");
    }

    /// Gives values to all parameters and buffers, and their names to the parameters. Call it on the root:
    /// the values are a function of the seed and the full name alone (stream `init/NAME`), so a named layer
    /// keeps its values when another is added, and calling it again gives the same.
    ///
    /// @param random gives the seed; its state does not change
    /// @param rules  what to use instead of the layers' defaults
    /// @param root   name of this network, so that two networks that share names start differently; may be
    ///               empty
    public final void init(Generator random, InitRules rules, String root) {
        Initialisation.run(this, random, rules, root);
    }

    /// Called by [#init] on each module, for those that draw random numbers when they run.
    ///
    /// @param path   where the module is, root included
    /// @param random where to take a stream named after the path
    protected void randomness(String path, Generator random) {
    }

    /// Switches this and all modules inside to training mode.
    public final void train() {
        tree().values().forEach(m -> m.training = true);
    }

    /// Switches this and all modules inside to evaluation mode.
    public final void eval() {
        tree().values().forEach(m -> m.training = false);
    }

    /// Whether this module is in training mode.
    public final boolean isTraining() {
        return training;
    }

    /// Forgets all gradients: they are null until the next backward pass.
    public final void zeroGrad() {
        zeroGrad(false);
    }

    /// Forgets all gradients, or overwrites those there are with zeros.
    ///
    /// @param fill true for zeros; what has no gradient still has none afterwards
    public final void zeroGrad(boolean fill) {
        for (Parameter p : parameters()) {
            if (!fill) {
                p.zeroGrad();
            } else if (p.lendGrad() != null) {
                p.lendGrad().inPlace("zeroGrad").fill(0);
            }
        }
    }

    /// Freezes all parameters on this thread until the result is closed: no gradient is computed for them,
    /// optimisers leave them alone, gradients still flow through. Scopes nest. Buffers go on moving.
    public final Frozen frozen() {
        return Frozen.of(parameters());
    }

    /// Converts all parameters and floating buffers; gradients of another dtype are forgotten. Identities
    /// stay, so optimisers go on working.
    ///
    /// @throws DTypeException if the dtype is not floating
    public final void to(DType dtype) {
        if (!dtype.isFloating()) {
            throw new DTypeException("to: a module's numbers must be floating point, got " + dtype);
        }
        move(dtype, null);
    }

    /// Moves all parameters and buffers to a device, see [#to(DType)].
    public final void to(Device device) {
        move(null, device);
    }

    private void move(DType dtype, Device device) {
        for (Parameter p : parameters()) {
            DType target = dtype == null ? p.dtype() : dtype;
            Device place = device == null ? p.device() : device;
            if (!p.hasValue()) {
                p.declare(target, place);
            } else if (target != p.dtype() || !place.equals(p.device())) {
                p.replace(Scope.outside(() -> p.value().to(target).to(place)));
            }
        }
        bufferObjects().values().forEach(b -> b.move(dtype, device));
    }

    /// All parameters and buffers by path, in order of declaration, parents before children: a snapshot,
    /// which later training does not change.
    public final Map<String, Tensor> stateDict() {
        return StateDict.save(this);
    }

    /// Takes over a state exactly: every parameter and buffer must be there with its shape, and nothing else.
    /// On error nothing has changed and the message lists everything missing, unexpected and mismatched.
    public final void loadStateDict(Map<String, Tensor> state) {
        loadStateDict(state, true);
    }

    /// Takes over a state. Floating numbers are converted to the module's dtype.
    ///
    /// @param strict false to ignore names that are missing or unexpected; shapes must fit all the same
    /// @throws TensorException listing everything that does not fit; nothing has changed then
    public final void loadStateDict(Map<String, Tensor> state, boolean strict) {
        StateDict.load(this, state, strict);
    }

    /// Copies all buffers, integers as integers, from a module of the same structure, as an averaged copy of
    /// a network does with its running statistics.
    public final void copyBuffers(Module source) {
        Map<String, Tensor> from = source.namedBuffers();
        Map<String, Buffer> to = bufferObjects();
        if (!from.keySet().equals(to.keySet())) {
            throw new TensorException("copyBuffers: expected a module with the buffers " + to.keySet()
                    + ", got " + from.keySet());
        }
        to.forEach((name, b) -> b.set(from.get(name), "copyBuffers"));
    }

    /// Runs a part of a hand-written `forward`, so that an error in it names the part: `at hidden`.
    ///
    /// @param name what [#child] called it
    protected static <R> R within(String name, Supplier<R> part) {
        try {
            return part.get();
        } catch (TensorException e) {
            throw e.within(name);
        }
    }

    /// What this module is, in one line: its class and its settings.
    protected String describe() {
        return getClass().getSimpleName();
    }

    /// The tree, one line for each module, with its own parameters and the number of all.
    @Override
    public final String toString() {
        var text = new StringBuilder();
        List<Module> above = new ArrayList<>();
        print(text, "", above);
        text.append(String.format(Locale.ROOT, "%,d parameters", parameterCount()));
        return text.toString();
    }

    private void print(StringBuilder text, String name, List<Module> above) {
        text.append("  ".repeat(above.size())).append(name.isEmpty() ? "" : name + ": ").append(describe());
        parameters.forEach((local, slot) ->
                text.append("  ").append(local).append(' ').append(slot.parameter.shape()));
        text.append('\n');
        above.add(this);
        children.forEach((local, child) -> child.print(text, local, above));
        above.removeLast();
    }
}

package wengert.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import wengert.tensor.Tensor;
import wengert.tensor.ops.HasValue;
import wengert.tensor.spi.GradException;

/// Going back: gradients of outputs with respect to leaves or to any value.
///
/// ```java
/// Autograd.of(loss).backward();                                   // into the leaves' grad()
/// Variable dx = Autograd.of(y).createGraph(true).grad(x).get(0);  // as a value, with a history
/// dx.square().sum().backward();                                   // differentiated again
/// ```
///
/// Saved values are dropped node by node as the pass uses them, unless the graph is retained.
public final class Autograd {
    private final List<Variable> outputs;
    private List<HasValue> gradOutputs;
    private Boolean retainGraph;
    private boolean createGraph;
    private boolean allowUnused;
    private boolean materializeGrads;
    private boolean releaseValues;

    private Autograd(List<Variable> outputs) {
        this.outputs = outputs;
    }

    /// Starts from these outputs; their gradients are added up.
    public static Autograd of(Variable... outputs) {
        return new Autograd(List.of(outputs));
    }

    /// Why a leaf has no gradient after going back from an output: frozen when recorded, not reachable,
    /// detached.
    public static String explain(Variable output, Variable leaf) {
        return Explain.gradient(output, leaf);
    }

    /// The gradients the pass starts with, one for each output; null stands for 1 and needs a one-element
    /// output.
    public Autograd gradOutputs(HasValue... gradients) {
        gradOutputs = Arrays.asList(gradients);
        return this;
    }

    /// Keeps saved values, so that another pass can follow. Default: the same as [#createGraph].
    public Autograd retainGraph(boolean on) {
        retainGraph = on;
        return this;
    }

    /// Records the pass itself, so that [#grad] gives values that can be differentiated again.
    public Autograd createGraph(boolean on) {
        createGraph = on;
        return this;
    }

    /// Lets [#grad] give null for an input that the outputs do not depend on.
    public Autograd allowUnused(boolean on) {
        allowUnused = on;
        return this;
    }

    /// Lets [#grad] give zeros for an input that the outputs do not depend on.
    public Autograd materializeGrads(boolean on) {
        materializeGrads = on;
        return this;
    }

    /// Gives back every intermediate value of the graph as soon as the pass is through with the operator that
    /// made it, so that a training step's memory falls while gradients are computed. Only values that belong
    /// to an open scope; never leaves, these outputs, or what was kept out of its scope. Reading such a value
    /// afterwards, or going back through another graph that uses it, is an error that says so.
    public Autograd releaseValues(boolean on) {
        releaseValues = on;
        return this;
    }

    /// Adds the gradient of every leaf that requires one, and is not frozen, to its `grad()`.
    public void backward() {
        PlainPass.accumulate(outputs, startingGradients(), keep(), null, release());
    }

    /// Adds gradients to these variables only, leaves or not; one that is not reached keeps its gradient.
    public void backward(Variable... inputs) {
        if (inputs.length == 0) {
            throw new GradException("backward: the list of inputs cannot be empty; call backward() for all "
                    + "leaves");
        }
        PlainPass.accumulate(outputs, startingGradients(), keep(), List.of(inputs), release());
    }

    /// The gradients with respect to these variables, leaves or not; no `grad()` changes.
    ///
    /// @return one for each input, in order; constants unless [#createGraph]; null only with [#allowUnused]
    public List<Variable> grad(Variable... inputs) {
        if (inputs.length == 0) {
            throw new GradException("grad: requires non-empty inputs");
        }
        for (int i = 0; i < inputs.length; i++) {
            if (!inputs[i].requiresGrad()) {
                throw new GradException("grad: input " + i + " " + inputs[i].dtype() + " " + inputs[i].shape()
                        + " does not require grad; call requiresGrad(true) on it before it is used");
            }
        }
        boolean release = release();
        List<Variable> grads = createGraph
                ? GradMode.on(() -> RecordedPass.grad(outputs, startingGradients(), keep(), List.of(inputs)))
                : PlainPass.grad(outputs, startingGradients(), keep(), List.of(inputs), release);
        List<Variable> result = new ArrayList<>(grads.size());
        for (int i = 0; i < inputs.length; i++) {
            Variable g = grads.get(i);
            if (g == null && materializeGrads) {
                g = inputs[i].filled(inputs[i].shape(), inputs[i].dtype(), 0);
            }
            if (g == null && !allowUnused) {
                throw new GradException("grad: input " + i + " " + inputs[i].dtype() + " " + inputs[i].shape()
                        + " appears to not have been used in the graph. Set allowUnused(true) if that is "
                        + "intended");
            }
            result.add(g);
        }
        return result;
    }

    private boolean keep() {
        return retainGraph != null ? retainGraph : createGraph;
    }

    private boolean release() {
        if (releaseValues && (createGraph || keep())) {
            throw new GradException("releaseValues: the values cannot be both given back and retained; "
                    + "leave out " + (createGraph ? "createGraph" : "retainGraph") + " or releaseValues");
        }
        return releaseValues;
    }

    private List<Variable> startingGradients() {
        if (gradOutputs != null && gradOutputs.size() != outputs.size()) {
            throw new GradException("gradOutputs: expected " + outputs.size() + ", one for each output, got "
                    + gradOutputs.size());
        }
        List<Variable> gradients = new ArrayList<>(outputs.size());
        for (int i = 0; i < outputs.size(); i++) {
            gradients.add(startingGradient(i));
        }
        return gradients;
    }

    private Variable startingGradient(int i) {
        Variable y = outputs.get(i);
        HasValue given = gradOutputs == null ? null : gradOutputs.get(i);
        if (!y.requiresGrad()) {
            throw new GradException("backward: output " + i + " " + y.dtype() + " " + y.shape()
                    + " does not require grad and has no history: no input required a gradient when it was "
                    + "computed (constants, frozen parameters, or GradMode.off)");
        }
        if (given == null) {
            if (y.shape().elements() != 1) {
                throw new GradException("backward: grad can be implicitly created only for scalar outputs, "
                        + "output " + i + " has shape " + y.shape() + "; use .sum() or .mean(), or pass a "
                        + "gradOutput");
            }
            return Variable.of(Tensor.full(1, y.dtype(), y.device(), y.shape()));
        }
        Variable g = y.lift(given);
        if (!g.shape().equals(y.shape())) {
            throw new GradException("backward: mismatch in shape: gradOutput " + i + " has shape " + g.shape()
                    + " and output " + i + " has shape " + y.shape());
        }
        if (g.dtype() != y.dtype()) {
            throw new GradException("backward: gradOutput " + i + " is required to have the same dtype as "
                    + "its output, " + y.dtype() + ", got " + g.dtype());
        }
        return g;
    }
}

package wengert.autograd;

import java.util.Arrays;
import java.util.List;
import wengert.tensor.Memory;
import wengert.tensor.Tensor;
import wengert.tensor.ops.HasValue;
import wengert.tensor.ops.Op;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.GradException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// A tensor with a history: operators on variables compute like those on tensors and record how, so that
/// [#backward()] can walk back. A variable that no operator made is a leaf; leaves that [#requiresGrad()]
/// receive a gradient in [#grad()].
///
/// ```java
/// Variable x = Variable.of(Tensor.of(new float[] {1, 2, 3}, 3)).requiresGrad(true);
/// x.mul(x).sum().backward();
/// x.grad();   // f32 [3]: 2, 4, 6
/// ```
///
/// There is no array access and no in-place operator here: numbers are read through [#value()].
public class Variable implements TensorOps<Variable> {
    private Tensor value;
    private boolean requiresGrad;
    private Tensor grad;
    /// Whether the gradient's buffer came from the pool and nobody outside of this class was given it to
    /// keep.
    private boolean gradIsOwn;
    private Edge edge;
    final Node node;

    /// A leaf.
    Variable(Tensor value, boolean requiresGrad) {
        this.value = value;
        this.requiresGrad = requiresGrad;
        this.node = null;
    }

    /// Output of a recorded operator.
    ///
    /// @param edge names the node and which of its outputs
    Variable(Tensor value, Edge edge) {
        this.value = value;
        this.requiresGrad = true;
        this.node = edge.node();
        this.edge = edge;
    }

    /// A new leaf that requires no gradient: a constant until [#requiresGrad(boolean)] says otherwise.
    public static Variable of(Tensor value) {
        return new Variable(value, false);
    }

    /// The numbers. They share memory with this variable.
    public Tensor value() {
        return value;
    }

    /// The numbers, null where a parameter has none yet.
    final Tensor rawValue() {
        return value;
    }

    /// Replaces the numbers of a leaf; its identity, flag and gradient stay.
    void value(Tensor value) {
        this.value = value;
    }

    @Override
    public View view() {
        return value.view();
    }

    @Override
    public Variable self() {
        return this;
    }

    /// Where this came from.
    final Edge edge() {
        if (edge == null) {
            edge = new Edge(null, 0, this);
        }
        return edge;
    }

    /// The gradient that backward passes have added up, or null. It has the value's shape and dtype, and it
    /// is yours to keep: [#zeroGrad] forgets it, but its numbers stay.
    public Tensor grad() {
        gradIsOwn = false;
        return grad;
    }

    /// The gradient to look at or change, not to keep: [#zeroGrad] may give its buffer to the next pass, and
    /// using it then is an error. For optimisers and others that go through all gradients of a network at
    /// every step; who takes [#grad()] instead costs a new buffer.
    public Tensor lendGrad() {
        return grad;
    }

    /// Takes a gradient in a pooled buffer that nobody else knows.
    final void ownGrad(Tensor g) {
        grad(g);
        gradIsOwn = g.view().storage().owner() == null; // otherwise its scope gives it back
    }

    /// Replaces the gradient; null forgets it.
    ///
    /// @throws GradException if shape, dtype or device are not the value's
    public void grad(Tensor g) {
        if (g != null && (!g.shape().equals(shape()) || g.dtype() != dtype()
                || !g.device().equals(device()))) {
            throw new GradException("grad: expected " + dtype() + " " + shape() + " on " + device()
                    + " as the value is, got " + g.dtype() + " " + g.shape() + " on " + g.device());
        }
        grad = g;
        gradIsOwn = false;
        if (g != null) {
            g.view().storage().heldAs("gradient", place());
        }
    }

    /// What a table of memory calls this.
    String place() {
        return "of a leaf";
    }

    /// Forgets the gradient: [#grad()] is null until the next backward pass. Its buffer goes back to the pool
    /// if nobody has asked for [#grad()].
    public void zeroGrad() {
        if (gradIsOwn) {
            Memory.give(grad, "was a lent gradient (lendGrad) that zeroGrad has forgotten; take grad() to "
                    + "keep one");
        }
        grad = null;
        gradIsOwn = false;
    }

    /// True if no operator made this.
    public boolean isLeaf() {
        return node == null;
    }

    /// Whether gradients are computed for this: for a leaf as set, for a result if any input required it.
    public boolean requiresGrad() {
        return requiresGrad;
    }

    /// Sets the flag of a leaf.
    ///
    /// @return this
    /// @throws GradException for a result, or for a dtype that is not floating
    public Variable requiresGrad(boolean on) {
        if (node != null && !on) {
            throw new GradException("requiresGrad: you can only change it on leaf variables, and this is "
                    + "the result of " + node + "; to use its value without history call detach()");
        }
        if (on && !dtype().isFloating()) {
            throw new GradException("requiresGrad: only floating point variables can require gradients, "
                    + "this is " + dtype() + " " + shape() + "; use to(DType.F32) first");
        }
        requiresGrad = on;
        return this;
    }

    /// Whether an operator applied now must be recorded on account of this.
    boolean tracked() {
        return requiresGrad && (node != null || !Frozen.contains(this));
    }

    /// A constant with the same numbers (shared memory and version) and no history.
    public Variable detach() {
        return of(value());
    }

    /// Computes the gradients of all leaves this depends on and adds them to theirs. This must have one
    /// element.
    ///
    /// @throws GradException if there is more than one element or no history
    public void backward() {
        Autograd.of(this).backward();
    }

    /// Computes the gradients of all leaves for a given gradient of this.
    ///
    /// @param gradOutput of this variable's shape and dtype
    public void backward(HasValue gradOutput) {
        Autograd.of(this).gradOutputs(gradOutput).backward();
    }

    @Override
    public Variable apply(Op op) {
        return record(op, this)[0];
    }

    @Override
    public Variable apply(Op op, Variable second) {
        return record(op, this, second)[0];
    }

    @Override
    public Variable apply(Op op, Variable second, Variable third) {
        return record(op, this, second, third)[0];
    }

    @Override
    public List<Variable> applyAll(Op op, List<Variable> inputs) {
        return Arrays.asList(record(op, inputs.toArray(new Variable[0])));
    }

    /// The same variable if `x` is one, otherwise a constant.
    @Override
    public Variable lift(HasValue x) {
        return x instanceof Variable v ? v : of(x instanceof Tensor t ? t : Tensor.over(x.view()));
    }

    @Override
    public Variable filled(Shape shape, DType dtype, double number) {
        return of(Tensor.full(number, dtype, device(), shape));
    }

    /// Computes, and records if gradients are on and some input is tracked. Decided once, here.
    private static Variable[] record(Op op, Variable... inputs) {
        Tensor[] values = new Tensor[inputs.length];
        boolean[] needs = new boolean[inputs.length];
        boolean any = false;
        boolean on = GradMode.isOn();
        for (int i = 0; i < inputs.length; i++) {
            values[i] = inputs[i].value();
            needs[i] = on && inputs[i].tracked();
            any |= needs[i];
        }
        Tensor[] outputs = Tensor.run(op, values);
        Node node = any ? new Node(op, inputs, needs, outputs) : null;
        Variable[] results = new Variable[outputs.length];
        for (int j = 0; j < results.length; j++) {
            results[j] = node != null && op.differentiable(j) ? new Variable(outputs[j], node.edgeOf(j))
                    : of(outputs[j]);
        }
        return results;
    }

    /// The value, and where it comes from.
    @Override
    public String toString() {
        return value + (node != null ? " from " + node : requiresGrad ? " requiresGrad" : "");
    }
}

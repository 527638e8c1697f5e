package wengert.gan.conform;

import java.util.ArrayList;
import java.util.List;
import wengert.autograd.Autograd;
import wengert.autograd.Variable;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.ops.HasValue;

/// Replays one operator: values, first-order gradients of `Σ⟨out, gout⟩`, and second-order gradients of
/// `Σ⟨grad, v⟩` with respect to inputs and cotangents.
final class OperatorReplay {
    private final Vectors vectors;
    private final Setting setting;

    OperatorReplay(Vectors vectors, Setting setting) {
        this.vectors = vectors;
        this.setting = setting;
    }

    Outcome replay(Case c) {
        var outcome = new Outcome(c.text("op"), c.id(), setting);
        try (var scope = Scope.open(c.id())) {
            replay(c, outcome);
        } catch (RuntimeException e) {
            outcome.fail(e.toString());
        }
        return outcome;
    }

    private void replay(Case c, Outcome outcome) {
        double first = setting.exact() ? 1e-9 : 3e-5;
        double second = setting.exact() ? 1e-9 : 1e-4;
        List<String> wrt = c.texts("wrt");
        List<Variable> inputs = new ArrayList<>();
        List<Variable> differentiated = new ArrayList<>();
        for (String name : c.texts("inputs")) {
            Variable x = Variable.of(setting.operand(vectors.get(c.id() + ":in:" + name)));
            inputs.add(x);
            if (wrt.contains(name)) {
                differentiated.add(x.requiresGrad(true));
            }
        }
        List<Tensor> whole = new ArrayList<>();
        for (String name : c.texts("int_inputs")) {
            whole.add(setting.operand(vectors.get(c.id() + ":in:" + name)));
        }
        Variable y = OperatorCalls.call(c.text("op"), c.part("attrs"), inputs, whole);
        outcome.compare("out", y.value(), vectors.get(c.id() + ":out:0"), first);

        boolean again = c.flag("second");
        Variable cotangent = Variable.of(setting.operand(vectors.get(c.id() + ":gout:0")))
                .requiresGrad(again);
        Variable[] at = differentiated.toArray(new Variable[0]);
        List<Variable> grads = Autograd.of(y).gradOutputs((HasValue) cotangent).createGraph(again)
                .allowUnused(true).grad(at);
        for (int i = 0; i < at.length; i++) {
            Variable g = grads.get(i);
            outcome.compare("grad:" + wrt.get(i), g == null ? null : g.value(),
                    vectors.get(c.id() + ":grad:" + wrt.get(i)), first);
        }
        if (again) {
            second(c, outcome, grads, differentiated, cotangent, second);
        }
    }

    private void second(Case c, Outcome outcome, List<Variable> grads, List<Variable> differentiated,
            Variable cotangent, double tolerance) {
        List<String> names = new ArrayList<>(c.texts("wrt"));
        Variable projected = null;
        for (int i = 0; i < grads.size(); i++) {
            if (grads.get(i) != null) {
                Tensor v = setting.operand(vectors.get(c.id() + ":v:" + names.get(i)));
                Variable term = grads.get(i).mul(v).sum();
                projected = projected == null ? term : projected.add(term);
            }
        }
        List<Variable> at = new ArrayList<>(differentiated);
        at.add(cotangent);
        names.add("gout0");
        List<Variable> second = projected == null || !projected.requiresGrad()
                ? java.util.Collections.nCopies(at.size(), null)
                : Autograd.of(projected).allowUnused(true).grad(at.toArray(new Variable[0]));
        for (int i = 0; i < at.size(); i++) {
            Variable g = second.get(i);
            outcome.compare("grad2:" + names.get(i), g == null ? null : g.value(),
                    vectors.get(c.id() + ":grad2:" + names.get(i)), tolerance);
        }
    }
}

package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static wengert.autograd.Values.assertRefused;

import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.ops.Saved;
import wengert.tensor.ops.SingleOp;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

/// The check passes what is right and catches what is wrong.
class GradCheckTest {
    private static final Tensor X = Tensor.of(new double[] {0.3, -1.2, 2}, 3);

    /// `y = x²` with a rule that can be wrong in several ways.
    private record Squared(Fault fault, int[] calls) implements SingleOp {
        private enum Fault {
            NONE, SCALED, IGNORES_UPSTREAM, RESTLESS, WRONG_AT_ORDER_TWO
        }

        Squared(Fault fault) {
            this(fault, new int[1]);
        }

        @Override
        public Spec inferOne(Spec[] in) {
            return in[0];
        }

        @Override
        public void forward(Backend k, View[] in, View out) {
            k.unary(UnaryKind.SQUARE, 0, 0, in[0], out);
        }

        @Override
        public boolean savesInput(int i, boolean[] needs) {
            return true;
        }

        @Override
        public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
            T x = s.input(0);
            return switch (fault) {
                case NONE -> dy.mul(x).mul(2);
                case SCALED -> dy.mul(x).mul(2 * 1.01);
                case IGNORES_UPSTREAM -> x.mul(2);
                case RESTLESS -> dy.mul(x).mul(2 + 1e-9 * calls[0]++);
                case WRONG_AT_ORDER_TWO -> dy.mul(x.lift(Tensor.over(x.view()))).mul(2); // x as a constant
            };
        }
    }

    private static GradCheck of(Squared.Fault fault) {
        var operator = new Squared(fault); // one for all calls: the restless one counts them
        return GradCheck.of(in -> in.get(0).apply(operator));
    }

    @Test
    void aRightRulePassesAtOrdersOneToThree() {
        assertTrue(of(Squared.Fault.NONE).orders(3).check(X) < 1e-8);
        assertTrue(GradCheck.of(in -> in.get(0).mul(in.get(1)).tanh()).orders(3).check(X, X.mul(0.5)) < 1e-8);
    }

    @Test
    void aScaledRuleIsCaughtWithTheEntry() {
        assertRefused(() -> of(Squared.Fault.SCALED).check(X), "Jacobian mismatch at order 1",
                "with respect to input 0", "numerical", "analytical");
    }

    @Test
    void aRuleThatIgnoresTheIncomingGradientIsCaught() {
        assertRefused(() -> of(Squared.Fault.IGNORES_UPSTREAM).check(X), "not multiplied by grad_output");
    }

    @Test
    void aRuleThatIsNotDeterministicIsCaught() {
        assertRefused(() -> of(Squared.Fault.RESTLESS).check(X), "not deterministic");
    }

    @Test
    void aRuleThatForgetsADependenceIsCaughtAtOrderTwo() {
        of(Squared.Fault.WRONG_AT_ORDER_TWO).check(X);
        assertRefused(() -> of(Squared.Fault.WRONG_AT_ORDER_TWO).orders(2).check(X), "at order 2");
    }

    @Test
    void aCheckOfNothingIsRefused() {
        assertRefused(() -> of(Squared.Fault.SCALED).orders(0), "at least order 1", "got 0");
        assertRefused(() -> of(Squared.Fault.SCALED).check(), "at least one input");
    }

    @Test
    void inputsMustBeF64AndNotOverlapThemselves() {
        assertRefused(() -> of(Squared.Fault.NONE).check(X.to(DType.F32)), "must be f64", "f32");
        assertRefused(() -> of(Squared.Fault.NONE).check(X.reshape(3, 1).expand(3, 2)), "overlaps itself");
    }
}

package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.ShapeException;

/// An axis that does not exist is told by the operator that the user called, not by one beneath it.
class AxisErrorsTest {
    private static final Tensor X = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    private static final Tensor INDEX = Tensor.of(new long[] {0, 1}, 2, 1);

    private static final Map<String, Function<Tensor, Object>> AT_5 = new LinkedHashMap<>();

    static {
        AT_5.put("sum", x -> x.sum(5));
        AT_5.put("mean", x -> x.mean(0, 5));
        AT_5.put("amax", x -> x.amaxKeep(5));
        AT_5.put("amin", x -> x.amin(5));
        AT_5.put("argmax", x -> x.argmax(5));
        AT_5.put("argmin", x -> x.argminKeep(5));
        AT_5.put("all", x -> x.all(5));
        AT_5.put("any", x -> x.any(5));
        AT_5.put("cumsum", x -> x.cumsum(5));
        AT_5.put("var", x -> x.varKeep(1, 5));
        AT_5.put("std", x -> x.std(1, 5));
        AT_5.put("norm", x -> x.norm(5));
        AT_5.put("logSumExp", x -> x.logSumExp(5));
        AT_5.put("softmax", x -> x.softmax(5));
        AT_5.put("logSoftmax", x -> x.logSoftmax(5));
        AT_5.put("permute", x -> x.permute(0, 5));
        AT_5.put("transpose", x -> x.transpose(0, 5));
        AT_5.put("squeeze", x -> x.squeeze(5));
        AT_5.put("flatten", x -> x.flatten(0, 5));
        AT_5.put("slice", x -> x.slice(5, 0, 1));
        AT_5.put("narrow", x -> x.narrow(5, 0, 1));
        AT_5.put("select", x -> x.select(5, 0));
        AT_5.put("flip", x -> x.flip(5));
        AT_5.put("split", x -> x.split(1, 5));
        AT_5.put("chunk", x -> x.chunk(1, 5));
        AT_5.put("diagonal", x -> x.diagonal(0, 0, 5));
        AT_5.put("concat", x -> x.concat(5, x));
        AT_5.put("roll", x -> x.roll(1, 5));
        AT_5.put("gather", x -> x.gather(5, INDEX.to(x.device())));
        AT_5.put("scatterAdd", x -> x.scatterAdd(5, INDEX.to(x.device()), x.narrow(1, 0, 1)));
        AT_5.put("indexSelect", x -> x.indexSelect(5, INDEX.reshape(2).to(x.device())));
        AT_5.put("indexAdd", x -> x.indexAdd(5, INDEX.reshape(2).to(x.device()), x));
    }

    @TestFactory
    Stream<DynamicTest> theOperatorNamesItself() {
        return Stream.of(Device.CPU, Device.REFERENCE).flatMap(device -> AT_5.entrySet().stream()
                .map(op -> DynamicTest.dynamicTest(op.getKey() + " on " + device, () -> assertEquals(
                        op.getKey() + ": axis 5 does not exist in shape [2,3]; legal are -2 to 1",
                        assertThrows(ShapeException.class, () -> op.getValue().apply(X.to(device)))
                                .getMessage()))));
    }

    @Test
    void anAxisThatIsNamedTwiceIsToldLikewise() {
        Expect.refused(() -> X.sum(0, -2), "sum: axis -2 is named twice in [0, -2] for shape [2,3]");
        Expect.refused(() -> X.mean(1, 1), "mean: axis 1 is named twice");
        Expect.refused(() -> X.var(0, 1, 1), "var: axis 1 is named twice");
        Expect.refused(() -> X.permute(0, 0), "permute: axis 0 is named twice");
        Expect.refused(() -> X.squeeze(0, 0), "squeeze: axis 0 is named twice");
        Expect.refused(() -> Tensor.scalar(1).sum(0),
                "sum: axis 0 does not exist in shape []; legal are none");
    }
}

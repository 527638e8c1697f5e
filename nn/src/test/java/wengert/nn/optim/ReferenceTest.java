package wengert.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wengert.autograd.Parameter;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

class ReferenceTest {
    static List<Reference.Case> optimizers() {
        return Reference.optimizers();
    }

    static List<Reference.ScheduleCase> schedules() {
        return Reference.schedules();
    }

    @Test
    void allCasesAreThere() {
        assertEquals(10, optimizers().size());
        assertEquals(5, schedules().size());
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void optimizersAgreeOnBothBackendsInF64(Reference.Case c) {
        assertTrue(worst(c, DType.F64, Device.CPU) <= 1e-12, () -> c + ": " + worst(c, DType.F64,
                Device.CPU));
        assertTrue(worst(c, DType.F64, Device.REFERENCE) <= 1e-12,
                () -> c + ": " + worst(c, DType.F64, Device.REFERENCE));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void optimizersAgreeInF32(Reference.Case c) {
        assertTrue(worst(c, DType.F32, Device.CPU) <= 3e-6, () -> c + ": " + worst(c, DType.F32, Device.CPU));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void aStateSavedInTheMiddleGoesOnWithTheSameBits(Reference.Case c) {
        Map<String, Parameter> whole = parameters(c, DType.F32, Device.CPU);
        Optimizer through = new Optimizer(List.copyOf(whole.values()), c.rule());
        Map<String, Parameter> split = parameters(c, DType.F32, Device.CPU);
        Optimizer first = new Optimizer(List.copyOf(split.values()), c.rule());
        for (int t = 0; t < c.steps().size(); t++) {
            if (t == 3) {
                Optimizer second = new Optimizer(List.copyOf(split.values()), c.rule());
                second.load(first.state());
                first = second;
            }
            step(c, t, whole, through);
            step(c, t, split, first);
        }
        whole.forEach((name, p) -> assertTrue(p.value().sameBits(split.get(name).value()), c + " " + name));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void schedulesAgree(Reference.ScheduleCase c) {
        for (int n = 0; n < c.lrs().length; n++) {
            assertEquals(c.lrs()[n], c.schedule().lr(c.lr(), n), 1e-15, c + " at " + n);
        }
    }

    private static double worst(Reference.Case c, DType dtype, Device device) {
        Map<String, Parameter> parameters = parameters(c, dtype, device);
        Optimizer optimizer = new Optimizer(new ArrayList<>(parameters.values()), c.rule());
        double worst = 0;
        for (int t = 0; t < c.steps().size(); t++) {
            step(c, t, parameters, optimizer);
            for (var e : c.steps().get(t).entrySet()) {
                double[] want = e.getValue().after().toDoubleArray();
                double[] got = parameters.get(e.getKey()).value().toDoubleArray();
                double scale = 1;
                for (double w : want) {
                    scale = Math.max(scale, Math.abs(w));
                }
                for (int i = 0; i < want.length; i++) {
                    worst = Math.max(worst, Math.abs(got[i] - want[i]) / scale);
                }
            }
        }
        return worst;
    }

    private static Map<String, Parameter> parameters(Reference.Case c, DType dtype, Device device) {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        c.init().forEach((name, x) -> parameters.put(name, new Parameter(name,
                x.copy().to(dtype).to(device))));
        return parameters;
    }

    private static void step(Reference.Case c, int t, Map<String, Parameter> parameters,
            Optimizer optimizer) {
        c.steps().get(t).forEach((name, update) -> {
            Parameter p = parameters.get(name);
            Tensor g = update.grad().to(p.dtype()).to(p.device());
            p.grad(g);
        });
        optimizer.step();
    }
}

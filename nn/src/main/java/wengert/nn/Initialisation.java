package wengert.nn;

import java.util.IdentityHashMap;
import java.util.Map;
import wengert.autograd.Parameter;
import wengert.nn.init.InitRules;
import wengert.nn.init.Initialiser;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;

/// First values of a tree of modules, see [Module#init(Generator, InitRules, String)].
final class Initialisation {
    private Initialisation() {
    }

    static void run(Module tree, Generator random, InitRules rules, String root) {
        Generator fresh = Generator.seeded(random.seed());
        Map<String, Parameter> named = tree.namedParameters();
        Map<Parameter, Initialiser> initialisers = initialisers(tree, rules);
        Scope.outside(() -> {
            named.forEach((name, p) -> {
                Initialiser chosen = initialisers.get(p);
                if (chosen != null) {
                    p.replace(first(chosen, fresh, Module.join(root, name), p.shape(), p.dtype(),
                            p.device()));
                    p.rename(name);
                }
            });
            tree.bufferObjects().forEach((name, b) -> b.replace(first(b.initialiser(), fresh,
                    Module.join(root, name), b.shape(), b.dtype(), b.device()), name));
            return null;
        });
        tree.tree().forEach((path, module) -> module.randomness(Module.join(root, path), random));
    }

    /// What each parameter declared in this tree gets. One that is only shared in from outside gets nothing
    /// here.
    private static Map<Parameter, Initialiser> initialisers(Module tree, InitRules rules) {
        Map<Parameter, Initialiser> chosen = new IdentityHashMap<>();
        tree.tree().values().forEach(module -> module.slots().forEach(slot -> {
            if (slot.initialiser() != null) {
                chosen.put(slot.parameter(), rules.choose(module, slot.role(), slot.initialiser()));
            }
        }));
        return chosen;
    }

    private static Tensor first(Initialiser initialiser, Generator random, String name, Shape shape,
            DType dtype, Device device) {
        Tensor y = Tensor.empty(dtype, device, shape);
        initialiser.fill(y, random.stream("init/" + name).as(dtype.isFloating() ? dtype : DType.F32, device));
        return y;
    }
}

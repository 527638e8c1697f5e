package wengert.nn.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Which parameters get which initialiser: rules by layer class and parameter name, on top of the layers' own
/// defaults. Immutable; the last rule that fits wins.
///
/// ```java
/// InitRules dcgan = InitRules.defaults()
///         .with(Conv2d.class, "weight", Init.normal(0, 0.02))
///         .with(ConvTranspose2d.class, "weight", Init.normal(0, 0.02))
///         .with(BatchNorm2d.class, "weight", Init.normal(1, 0.02))
///         .with("bias", Init.zeros());
/// net.init(random, dcgan);
/// ```
public final class InitRules {
    private record Rule(Class<?> layer, String name, Initialiser initialiser) {
        boolean fits(Object owner, String local) {
            return layer.isInstance(owner) && name.equals(local);
        }
    }

    private final List<Rule> rules;

    private InitRules(List<Rule> rules) {
        this.rules = rules;
    }

    /// No rules: every layer's own defaults, which are PyTorch's.
    public static InitRules defaults() {
        return new InitRules(List.of());
    }

    /// These rules and one for a parameter of a class of layers.
    ///
    /// @param layer class of the layer, or one it extends
    /// @param name  the parameter's own name: `weight`, `bias`
    public InitRules with(Class<?> layer, String name, Initialiser initialiser) {
        return and(new Rule(layer, Objects.requireNonNull(name), initialiser));
    }

    /// These rules and one for the parameters of this name in any layer.
    public InitRules with(String name, Initialiser initialiser) {
        return and(new Rule(Object.class, Objects.requireNonNull(name), initialiser));
    }

    private InitRules and(Rule rule) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(rule);
        return new InitRules(List.copyOf(more));
    }

    /// What a parameter gets.
    ///
    /// @param owner    the layer
    /// @param name     the parameter's own name
    /// @param fallback the layer's default
    public Initialiser choose(Object owner, String name, Initialiser fallback) {
        for (int i = rules.size() - 1; i >= 0; i--) {
            if (rules.get(i).fits(owner, name)) {
                return rules.get(i).initialiser;
            }
        }
        return fallback;
    }
}

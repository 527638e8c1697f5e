package wengert.gan.config;

import static wengert.gan.config.Key.key;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The auxiliary losses that a configuration can name, each with its parameters. A new one gets an entry
/// here.
public final class AuxiliaryTypes {
    /// The network whose loss an auxiliary loss is added to.
    public enum Side {
        /// `generator.auxiliary`
        GENERATOR,
        /// `discriminator.auxiliary`
        DISCRIMINATOR
    }

    private record Type(String name, Set<Side> sides, String meaning, List<Key> parameters) {}

    private static final Kind NORM = new Kind.Choice(List.of("hwc", "pixel"));
    private static final String NORM_MEANING = "norm of the gradient: of the whole sample (hwc) or per pixel";

    private static final List<Type> TYPES = List.of(
            new Type("gradient_penalty", Set.of(Side.DISCRIMINATOR),
                    "keeps the slope of D at 1 between real and fake: E(|dD/dx| - 1)^2", List.of(
                            key("weight", Kind.Real.FROM_0, 10.0, "factor of the penalty"),
                            key("norm", NORM, "hwc", NORM_MEANING))),
            new Type("r1", Set.of(Side.DISCRIMINATOR),
                    "keeps D flat at the real samples: E|dD/dx|^2", List.of(
                            key("weight", Kind.Real.FROM_0, 5.0,
                                    "factor of the penalty, half of the paper's gamma"),
                            key("norm", NORM, "hwc", NORM_MEANING),
                            key("interval", new Kind.Whole(1, Integer.MAX_VALUE, false), 1L,
                                    "added in every n-th iteration"))),
            new Type("disc_shift", Set.of(Side.DISCRIMINATOR),
                    "keeps D's scores near 0: (E D(fake)^2 + E D(real)^2) / 2", List.of(
                            key("weight", Kind.Real.FROM_0, 0.001, "factor of the penalty"))),
            new Type("total_variation", Set.of(Side.GENERATOR),
                    "smooths the generated images: E|x[h+1] - x[h]| + E|x[w+1] - x[w]|", List.of(
                            key("weight", Kind.Real.FROM_0, 1e-4, "factor of the loss"))));

    private AuxiliaryTypes() {}

    /// The names that may stand on `side`.
    public static List<String> names(Side side) {
        return TYPES.stream().filter(type -> type.sides.contains(side)).map(Type::name).toList();
    }

    /// What the loss of that name does, in one line.
    public static String meaning(String name) {
        return type(name).meaning;
    }

    /// The parameters of the loss of that name.
    public static List<Key> parameters(String name) {
        return type(name).parameters;
    }

    static Key parameter(String type, String name) {
        return parameters(type).stream().filter(key -> key.name.equals(name)).findFirst().orElse(null);
    }

    private static Type type(String name) {
        return TYPES.stream().filter(type -> type.name.equals(name)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("no auxiliary loss is called '" + name + "'"));
    }

    /// The entry that `{type: …, parameter: …}` describes.
    ///
    /// @throws Kind.Unfit if the type is unknown or a parameter unknown or out of its range
    static Auxiliary read(Side side, Map<String, Node> entries) {
        if (!(entries.get("type") instanceof Node.Scalar scalar) || scalar.isNothing()) {
            throw new Kind.Unfit("an entry has no type");
        }
        String name = scalar.text();
        if (!names(side).contains(name)) {
            throw new Kind.Unfit("no loss of type '" + name + "' can be added here; "
                    + Nearest.word(name, names(side)).map(near -> "did you mean " + near + "?")
                            .orElse(names(side).isEmpty() ? "there is none for this network"
                                    : "there are " + String.join(", ", names(side))));
        }
        var values = new LinkedHashMap<String, Object>();
        parameters(name).forEach(key -> values.put(key.name, key.initial));
        entries.forEach((key, node) -> {
            if (!key.equals("type")) values.put(key, value(name, key, node));
        });
        return new Auxiliary(name, values);
    }

    /// `entries` with one parameter of the only entry of `type` changed.
    static List<Auxiliary> changed(List<Auxiliary> entries, String type, String parameter, Node node) {
        var changed = new ArrayList<Auxiliary>();
        int found = 0;
        for (Auxiliary entry : entries) {
            if (entry.type().equals(type)) {
                found++;
                var values = new LinkedHashMap<>(entry.parameters());
                values.put(parameter, value(type, parameter, node));
                entry = new Auxiliary(type, values);
            }
            changed.add(entry);
        }
        if (found != 1) {
            throw new Kind.Unfit("there " + (found == 0 ? "is no entry" : "are " + found + " entries")
                    + " of this type to change; set the whole list, such as [{type: r1, weight: 5}]");
        }
        return List.copyOf(changed);
    }

    private static Object value(String type, String parameter, Node node) {
        Key key = parameter(type, parameter);
        if (key == null) {
            List<String> names = parameters(type).stream().map(Key::name).toList();
            throw new Kind.Unfit("the parameter '" + parameter + "' of " + type + " is unknown, it has "
                    + String.join(", ", names));
        }
        try {
            return key.kind.read(node);
        } catch (Kind.Unfit unfit) {
            throw new Kind.Unfit(type + "." + parameter + " is " + node.shown() + ", where " + key.wanted()
                    + " is wanted");
        }
    }
}

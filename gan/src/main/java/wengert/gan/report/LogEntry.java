package wengert.gan.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// One line of a run's log.
///
/// @param step            iterations done, from 1
/// @param seconds         time spent in training so far, over all parts of a resumed run
/// @param imagesPerSecond real images that went into updates since the line before, per second
/// @param losses          value by name, such as `loss_disc_real`; a value that is not finite is written as
///                        null and read as NaN
/// @param rates           learning rate by network
public record LogEntry(long step, double seconds, double imagesPerSecond, Map<String, Double> losses,
        Map<String, Double> rates) {
    /// Keeps unmodifiable copies in the given order.
    public LogEntry {
        losses = Collections.unmodifiableMap(new LinkedHashMap<>(losses));
        rates = Collections.unmodifiableMap(new LinkedHashMap<>(rates));
    }

    /// The discriminator's adversarial loss on fake and real images together; NaN if it is not there.
    public double discriminatorLoss() {
        return losses.getOrDefault("loss_disc_fake", Double.NaN)
                + losses.getOrDefault("loss_disc_real", Double.NaN);
    }

    /// The generator's adversarial loss; NaN if it was not trained.
    public double generatorLoss() {
        return losses.getOrDefault("loss_gen", Double.NaN);
    }

    /// As it stands in the log, without the end of the line.
    Map<String, Object> toJson() {
        var json = new LinkedHashMap<String, Object>();
        json.put("step", step);
        json.put("time", seconds);
        json.put("images_per_second", imagesPerSecond);
        json.put("losses", finite(losses));
        json.put("lr", finite(rates));
        return json;
    }

    private static Map<String, Object> finite(Map<String, Double> values) {
        var json = new LinkedHashMap<String, Object>();
        values.forEach((name, value) ->
                json.put(name, value != null && Double.isFinite(value) ? value : null));
        return json;
    }

    /// The entry that [#toJson()] wrote, or null if `json` is none.
    static LogEntry of(Object json) {
        if (json instanceof Map<?, ?> map && map.get("step") instanceof Long step
                && map.get("time") instanceof Number time
                && map.get("images_per_second") instanceof Number speed
                && map.get("losses") instanceof Map<?, ?> losses
                && map.get("lr") instanceof Map<?, ?> rates) {
            return new LogEntry(step, time.doubleValue(), speed.doubleValue(),
                    numbers(losses), numbers(rates));
        }
        return null;
    }

    private static Map<String, Double> numbers(Map<?, ?> json) {
        var values = new LinkedHashMap<String, Double>();
        json.forEach((name, value) -> values.put((String) name,
                value instanceof Number number ? number.doubleValue() : Double.NaN));
        return values;
    }
}

package wengert.gan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import wengert.tensor.spi.DeviceFamily.Need;

/// The columns of `doctor`'s table.
class NeedTableTest {
    @Test
    void columnsAreAsWideAsTheirLongestAndAdviceIsWrappedBelow() {
        List<Need> needs = List.of(
                new Need("driver", "/usr/lib/libcuda.so.1", "12.6", "12.0 or newer", ""),
                new Need("cuDNN", null, "", "9", "install it " + "and so on ".repeat(10)));
        assertEquals("""
                           version  expected       found
                driver     12.6     12.0 or newer  /usr/lib/libcuda.so.1
                cuDNN      -        9              nothing
                           install it and so on and so on and so on and so on and so on and so on and so on \
                and so
                           on and so on and so on
                """, String.join("\n", NeedTable.lines(needs)) + "\n");
    }
}

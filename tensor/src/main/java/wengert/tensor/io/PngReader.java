package wengert.tensor.io;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Reads one PNG file: first its chunks, then the rows of pixels.
final class PngReader {
    static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private final byte[] file;
    private final Reading reading;
    private PngHeader header;
    private byte[] palette;
    private byte[] transparency;
    private final byte[] packed;
    private int packedLength;
    private int firstData;

    PngReader(byte[] file, Reading reading) {
        this.file = file;
        this.reading = reading;
        this.packed = new byte[file.length];
    }

    Image read() {
        if (file.length < 8 || Arrays.mismatch(file, 0, 8, SIGNATURE, 0, 8) >= 0) {
            throw reading.wrong(0, "the signature of PNG",
                    file.length < 8 ? file.length + " bytes" : "other bytes", "this is no PNG file");
        }
        String before = "";
        int at = 8;
        while (!before.equals("IEND")) {
            if (file.length - at < 12) {
                throw reading.wrong(at, before.isEmpty() ? "the chunk IHDR" : "a chunk behind " + before
                        + ", the last one being IEND", file.length - at + " bytes",
                        "the file is cut; copy it again");
            }
            int length = ByteBuffer.wrap(file, at, 4).getInt();
            String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
            if (!type.chars().allMatch(c -> c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z')) {
                throw reading.wrong(at + 4, "a chunk's name of four letters", "other bytes",
                        "the file is damaged");
            }
            if (length < 0 || length > file.length - at - 12) {
                throw reading.wrong(at,
                        Integer.toUnsignedString(length) + " bytes of chunk " + type + " and 4 more",
                        file.length - at - 8 + " bytes", "the file is cut; copy it again");
            }
            CRC32 crc = new CRC32();
            crc.update(file, at + 4, length + 4);
            int sum = ByteBuffer.wrap(file, at + 8 + length, 4).getInt();
            if (sum != (int) crc.getValue()) {
                throw reading.wrong(at + 8 + length,
                        "the checksum %08x of chunk %s".formatted(crc.getValue(), type),
                        "%08x".formatted(sum), "the file is damaged; copy it again");
            }
            chunk(type, before, at + 8, length);
            before = type;
            at += 12 + length;
        }
        return picture();
    }

    private void chunk(String type, String before, int at, int length) {
        if (before.isEmpty() != type.equals("IHDR")) {
            throw reading.wrong(at - 4, before.isEmpty() ? "the chunk IHDR" : "IHDR only once",
                    "chunk " + type, "the file is damaged");
        }
        switch (type) {
            case "IHDR" -> header = PngHeader.parse(file, at, length, reading);
            case "PLTE" -> {
                if (palette != null || firstData > 0 || length == 0 || length % 3 != 0 || length > 3 * 256) {
                    throw reading.wrong(at, "one PLTE before the data, with 1 to 256 colours of 3 bytes",
                            length + " bytes", "the file is damaged");
                }
                palette = Arrays.copyOfRange(file, at, at + length);
            }
            case "tRNS" -> {
                boolean fits = switch (header.colour()) {
                    case PngHeader.GRAY -> length == 2;
                    case PngHeader.RGB -> length == 6;
                    case PngHeader.PALETTE -> palette != null && length <= palette.length / 3;
                    default -> false;
                };
                if (!fits || transparency != null || firstData > 0) {
                    throw reading.wrong(at,
                            "one tRNS before the data that fits colour type " + header.colour(),
                            length + " bytes", "the file is damaged");
                }
                transparency = Arrays.copyOfRange(file, at, at + length);
            }
            case "IDAT" -> {
                if (firstData > 0 && !before.equals("IDAT")) {
                    throw reading.wrong(at - 4, "the chunks IDAT one behind the other",
                            before + " between them", "the file is damaged");
                }
                firstData = firstData > 0 ? firstData : at;
                System.arraycopy(file, at, packed, packedLength, length);
                packedLength += length;
            }
            case "IEND" -> {
                if (firstData == 0) {
                    throw reading.wrong(at - 4, "a chunk IDAT", "IEND", "the file is damaged");
                }
            }
            default -> {
                // Bit 5 of the first letter: whoever does not know the chunk may leave it out.
                if ((type.charAt(0) & 0x20) == 0) {
                    throw reading.wrong(at - 4, "a chunk of the PNG standard", "the critical chunk " + type,
                            "save the picture with another program");
                }
            }
        }
    }

    private Image picture() {
        if (header.colour() == PngHeader.PALETTE && palette == null) {
            throw reading.wrong(firstData - 4, "PLTE before IDAT", "no palette", "the file is damaged");
        }
        long wanted = header.unpackedBytes();
        long most = Packed.mostBytes(packedLength);
        if (wanted > most) {
            throw reading.wrong(firstData, wanted + " bytes of pixels",
                    "at most " + most + " in " + packedLength + " packed bytes", "the file is damaged");
        }
        int[] samples = new int[header.width() * header.height() * header.channels()];
        var pixels = new PngPixels(header, palette, transparency, samples);
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed, 0, packedLength);
            for (PngHeader.Pass pass : header.passes()) {
                byte[] above = new byte[header.rowBytes(pass.columns())];
                byte[] row = new byte[above.length];
                byte[] filter = new byte[1];
                for (int r = 0; r < pass.rows(); r++) {
                    inflate(inflater, filter, wanted);
                    if (filter[0] < 0 || filter[0] >= PngFilters.COUNT) {
                        throw reading.wrong("the data of", "a filter from 0 to 4", filter[0],
                                "the file is damaged");
                    }
                    inflate(inflater, row, wanted);
                    PngFilters.undo(filter[0], row, above, header.step());
                    if (!pixels.put(row, pass, r)) {
                        throw reading.wrong("the data of",
                                "an index into the " + palette.length / 3 + " colours of the palette",
                                "one beyond them", "the file is damaged");
                    }
                    byte[] done = above;
                    above = row;
                    row = done;
                }
            }
            if (inflater.inflate(new byte[1]) > 0) {
                throw reading.wrong("the data of", wanted + " bytes of pixels", "more",
                        "the file is damaged");
            }
            if (!inflater.finished()) {
                throw reading.wrong("the data of", "a checksum of the pixels", "none",
                        "the file is cut or damaged; copy it again");
            }
        } catch (DataFormatException e) {
            throw reading.wrong("the data of", "zlib's format", e.getMessage(), "the file is damaged");
        } finally {
            inflater.end();
        }
        return new Image(header.channels(), header.height(), header.width(), header.maxValue(), samples);
    }

    private void inflate(Inflater inflater, byte[] to, long wanted) throws DataFormatException {
        for (int at = 0; at < to.length; ) {
            int n = inflater.inflate(to, at, to.length - at);
            if (n == 0) {
                throw reading.wrong("the data of", wanted + " bytes of pixels",
                        inflater.getBytesWritten() + " bytes", "the file is cut or damaged; copy it again");
            }
            at += n;
        }
    }
}

import com.deepoove.poi.XWPFTemplate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Fills a Word template with poi-tl, warm: so many times to warm up, then so many times measured.
 *
 * <p>Arguments: the template, the data (a line for each tag: name, tab, words), the number of times, the file to
 * write. Prints the seconds of one filling.
 */
public final class FillMany {
    public static void main(String[] arguments) throws Exception {
        byte[] template = Files.readAllBytes(Path.of(arguments[0]));
        Map<String, Object> data = new HashMap<>();
        for (String line : Files.readAllLines(Path.of(arguments[1]), StandardCharsets.UTF_8)) {
            String[] parts = line.split("\t", 2);
            data.put(parts[0], parts[1]);
        }
        int times = Integer.parseInt(arguments[2]);
        many(template, data, times);
        long begun = System.nanoTime();
        byte[] made = many(template, data, times);
        System.out.println((System.nanoTime() - begun) / 1e9 / times);
        Files.write(Path.of(arguments[3]), made);
    }

    private static byte[] many(byte[] template, Map<String, Object> data, int times) throws Exception {
        byte[] made = {};
        for (int at = 0; at < times; at++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            XWPFTemplate filled = XWPFTemplate.compile(new ByteArrayInputStream(template)).render(data);
            filled.writeAndClose(out);
            made = out.toByteArray();
        }
        return made;
    }
}

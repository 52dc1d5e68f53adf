import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;

/**
 * Compiles the mutants of kotlin_runner.py one after the other in one process, as most of the compiler's time is its start.
 * Each argument is a folder with the compiler's arguments in "flags", a line each; "complaint" becomes what it said where it
 * failed, and is empty where it did not.
 */
public class CompileMutants {
    public static void main(String[] jobs) throws Exception {
        for (String job : jobs) {
            String[] flags = Files.readAllLines(Path.of(job, "flags")).toArray(new String[0]);
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            boolean isDone = new K2JVMCompiler().exec(new PrintStream(said, true, "UTF-8"), flags).getCode() == 0;
            Files.writeString(Path.of(job, "complaint"), isDone ? "" : "does not compile: " + said.toString("UTF-8"));
        }
    }
}

// Runs Apache Kafka's command line tools one after another in one Java process, as starting Java forty times takes longer than
// what the tools do. A line of standard input is a class and its arguments, separated by tabs; what the tool prints goes where it
// prints it, and a line with its exit code follows.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import org.apache.kafka.common.utils.Exit;

public class ToolShell {
    /** An error, and the first code counts: tools catch exceptions around their own exit, and some catch everything. */
    private static class Ended extends Error { }

    private static Integer firstCode;

    private static void end(int code) {
        if (firstCode == null) firstCode = code;
        throw new Ended();
    }

    public static void main(String[] args) throws Exception {
        Exit.setExitProcedure((code, message) -> end(code));
        Exit.setHaltProcedure((code, message) -> end(code));
        Exit.setShutdownHookAdder((name, hook) -> { });
        var lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int code = run(line.split("\t"));
            System.out.flush();
            System.err.flush();
            System.out.println("\n<exit code " + code + ">");
        }
        System.exit(0);
    }

    private static int run(String[] command) throws Exception {
        String name = command[0].contains(".") ? command[0] : "org.apache.kafka.tools." + command[0];
        String[] args = Arrays.copyOfRange(command, 1, command.length);
        firstCode = null;
        try {
            Class.forName(name).getMethod("main", String[].class).invoke(null, (Object) args);
            return firstCode == null ? 0 : firstCode;
        } catch (ClassNotFoundException missing) {
            System.out.println(missing);
            return 127;
        } catch (InvocationTargetException failure) {
            if (failure.getCause() instanceof Ended) return firstCode;
            failure.getCause().printStackTrace();
            return 1;
        }
    }
}

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;

/** Main [--port N] [--file FILE]: serves until its standard input ends; tells its port on stdout. */
public final class Main {
    public static void main(String[] args) throws Exception {
        int port = 0;
        String file = null;
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--port" -> port = Integer.parseInt(args[i + 1]);
                case "--file" -> file = args[i + 1];
                default -> throw new IllegalArgumentException(args[i]);
            }
        }
        MongoServer server = new MongoServer(file == null ? new MemoryBackend() : new H2Backend(file));
        server.bind("127.0.0.1", port);
        System.out.println(server.getLocalAddress().getPort());
        while (System.in.read() >= 0) {
        }
        server.shutdown();
    }
}

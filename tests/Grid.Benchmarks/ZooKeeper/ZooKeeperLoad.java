import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.ZooKeeper;

/** The same load on the Java client. Arguments: server, then triples of read|write, in flight, operations. One line of figures per triple. */
public final class ZooKeeperLoad {
    private static final String PATH = "/bench";
    private static final byte[] DATA = new byte[100];

    public static void main(String[] args) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper client = new ZooKeeper(args[0], 30_000, event -> connected.countDown());
        connected.await();
        for (int i = 1; i + 2 < args.length; i += 3) {
            boolean write = args[i].equals("write");
            int inFlight = Integer.parseInt(args[i + 1]);
            int operations = Integer.parseInt(args[i + 2]);
            run(client, write, inFlight, operations / 4);
            System.out.println(run(client, write, inFlight, operations));
        }
        client.close();
    }

    private static String run(ZooKeeper client, boolean write, int inFlight, int operations) throws Exception {
        com.sun.management.OperatingSystemMXBean system =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long start = System.nanoTime();
        double median = inFlight == 1 ? sequential(client, write, operations) : pipelined(client, write, inFlight, operations);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuMicros = (system.getProcessCpuTime() - cpu) / 1e3 / operations;
        return String.format(java.util.Locale.ROOT, "%.1f %.1f %.1f", operations / seconds, median, cpuMicros);
    }

    private static double sequential(ZooKeeper client, boolean write, int operations) throws Exception {
        double[] times = new double[operations];
        for (int i = 0; i < operations; i++) {
            long start = System.nanoTime();
            if (write) {
                client.setData(PATH, DATA, -1);
            } else {
                client.getData(PATH, false, null);
            }
            times[i] = (System.nanoTime() - start) / 1e3;
        }
        Arrays.sort(times);
        return times[operations / 2];
    }

    private static double pipelined(ZooKeeper client, boolean write, int inFlight, int operations) throws Exception {
        Semaphore window = new Semaphore(inFlight);
        AtomicInteger failures = new AtomicInteger();
        for (int i = 0; i < operations; i++) {
            window.acquire();
            if (write) {
                client.setData(PATH, DATA, -1, (code, path, context, stat) -> done(code, failures, window), null);
            } else {
                client.getData(PATH, false, (code, path, context, data, stat) -> done(code, failures, window), null);
            }
        }
        window.acquire(inFlight);
        if (failures.get() > 0) {
            throw new IllegalStateException(failures.get() + " requests failed");
        }
        return 0;
    }

    private static void done(int code, AtomicInteger failures, Semaphore window) {
        if (code != 0) {
            failures.incrementAndGet();
        }
        window.release();
    }
}

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RecursiveTask;

/**
 * fib(n) without cutoff in a ForkJoinPool, in the two usual forms: a RecursiveAction that keeps its result in a primitive field, and a RecursiveTask of Long. Runs
 * both once for each line that it reads, and answers with the times per fork in nanoseconds.
 * Arguments: n, threads.
 */
public final class Fib {
    static final class Action extends RecursiveAction {
        private static final long serialVersionUID = 1;
        private final int n;
        long result;

        Action(int n) {
            this.n = n;
        }

        @Override
        protected void compute() {
            if (n < 2) {
                result = n;
                return;
            }
            Action left = new Action(n - 1);
            left.fork();
            Action right = new Action(n - 2);
            right.compute();
            left.join();
            result = left.result + right.result;
        }
    }

    static final class Task extends RecursiveTask<Long> {
        private static final long serialVersionUID = 1;
        private final int n;

        Task(int n) {
            this.n = n;
        }

        @Override
        protected Long compute() {
            if (n < 2) {
                return (long) n;
            }
            Task left = new Task(n - 1);
            left.fork();
            return new Task(n - 2).compute() + left.join();
        }
    }

    private static long forks(int n) {
        return n < 2 ? 0 : 1 + forks(n - 1) + forks(n - 2);
    }

    public static void main(String[] args) throws java.io.IOException {
        int n = Integer.parseInt(args[0]);
        ForkJoinPool pool = new ForkJoinPool(Integer.parseInt(args[1]));
        long forks = forks(n);
        BufferedReader rounds = new BufferedReader(new InputStreamReader(System.in));
        while (rounds.readLine() != null) {
            long start = System.nanoTime();
            Action action = new Action(n);
            pool.invoke(action);
            long middle = System.nanoTime();
            long task = pool.invoke(new Task(n));
            long end = System.nanoTime();
            if (action.result != task) {
                throw new IllegalStateException(action.result + " is not " + task);
            }
            System.out.println((double) (middle - start) / forks + " " + (double) (end - middle) / forks);
        }
    }
}

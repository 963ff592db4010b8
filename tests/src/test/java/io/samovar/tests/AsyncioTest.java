package io.samovar.tests;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Tags;
import org.junit.jupiter.api.Test;

/** What asyncio has is somewhere here: its public names in the docs, the cases of CPython's tests among the tests. */
class AsyncioTest {
    /**
     * The cases of futures, tasks, combinators, locks, queues, eager tasks, the loop, streams, servers, protocols and TLS; L5 is in the
     * engine's TimerQueueTest.
     */
    private static final String CASES = """
            L1 L2 L4 L6 L7 L8 L9 L11 L12 L14 L15 L16 L17 L18 L19 F1 F3 F5 T1 T2 T4 T5 T6 T7 T8 T10 T12 T13 T14 T15 T16 T18
            W2 W3 W4 W5 G1 G2 G4 G6 G7 S1 S2 O1 O3 O4 O5 O6 O9 O10 O12 O13 K1 K2 K3 K6 K7 K8 K9 K13 K14 C1 C3 C4 C5 C7 C8
            C11 Q1 Q3 Q4 Q5 E1 E2 E3 E5 R1 R2 R3 P1 P2 P4 P5 P6 P7 P8 P9 P11 P12 X2 X3 X4 X5 X7 X8 X9 X10
            """;

    /** Modules, classes and members of asyncio 3.14. */
    private static final String NAMES = """
            ALL_COMPLETED AbstractEventLoop AbstractServer Barrier BaseEventLoop BaseProtocol BaseTransport
            BoundedSemaphore BufferedProtocol Condition DEVNULL DatagramProtocol DatagramTransport Event EventLoop
            FIRST_COMPLETED FIRST_EXCEPTION Future Handle LifoQueue Lock PIPE PriorityQueue Process Protocol Queue
            ReadTransport Runner STDOUT SelectorEventLoop Semaphore Server StreamReader StreamReaderProtocol StreamWriter
            SubprocessProtocol SubprocessTransport Task TaskGroup Timeout TimerHandle Transport WriteTransport _enter_task
            _get_running_loop _leave_task _register_task _set_running_loop _unregister_task abort abort_clients acquire
            add_done_callback add_reader add_signal_handler add_writer all_tasks as_completed at_eof broken buffer_updated
            call_at call_exception_handler call_later call_soon call_soon_threadsafe can_write_eof cancel cancelled
            cancelling capture_call_graph clear close close_clients communicate connect_accepted_socket connect_read_pipe
            connect_write_pipe connection_lost connection_made consumed create_connection create_datagram_endpoint
            create_eager_task_factory create_future create_server create_subprocess_exec create_subprocess_shell
            create_task create_unix_connection create_unix_server current_task data_received datagram_received
            default_exception_handler done drain eager_task_factory empty ensure_future eof_received error_received
            exception expected expired feed_data feed_eof format_call_graph full future_add_to_awaited_by
            future_discard_from_awaited_by gather get get_buffer get_context get_coro get_debug get_event_loop
            get_exception_handler get_extra_info get_loop get_name get_nowait get_pid get_pipe_transport get_protocol
            get_returncode get_running_loop get_stack get_task_factory get_write_buffer_limits get_write_buffer_size
            getaddrinfo getnameinfo is_closed is_closing is_reading is_running is_serving is_set iscoroutine
            iscoroutinefunction isfuture join kill locked maxsize n_waiting new_event_loop notify notify_all
            open_connection open_unix_connection partial parties pause_reading pause_writing pid pipe_connection_lost
            pipe_data_received print_call_graph print_stack process_exited put put_nowait qsize read readexactly readline
            readuntil release remove_done_callback remove_reader remove_signal_handler remove_writer reschedule reset
            result resume_reading resume_writing returncode run run_coroutine_threadsafe run_forever run_in_executor
            run_until_complete send_signal sendfile sendto serve_forever set_debug set_default_executor set_event_loop
            set_event_loop_policy set_exception set_exception_handler set_name set_protocol set_result set_task_factory
            set_transport set_write_buffer_limits shield shutdown shutdown_asyncgens shutdown_default_executor sleep
            slow_callback_duration sock_accept sock_connect sock_recv sock_recv_into sock_recvfrom sock_recvfrom_into
            sock_sendall sock_sendfile sock_sendto sockets start_server start_serving start_tls start_unix_server stderr
            stdin stdout stop subprocess subprocess_exec subprocess_shell task_done terminate time timeout timeout_at
            to_thread transport uncancel wait wait_closed wait_for when wrap_future write write_eof writelines
            """;

    @Test
    void everyCaseOfCpythonsTestsIsATestHere() {
        Set<String> tags = new ClassFileImporter()
                .importPackages("io.samovar").stream()
                        .filter(type -> type.getSimpleName().endsWith("Test")
                                || type.getEnclosingClass().isPresent())
                        .map(JavaClass::getMethods)
                        .flatMap(Set::stream)
                        .flatMap(AsyncioTest::tags)
                        .collect(toSet());
        assertThat(tags).containsAll(words(CASES));
    }

    private static Stream<String> tags(JavaMethod method) {
        if (method.isAnnotatedWith(Tags.class)) {
            return Arrays.stream(method.getAnnotationOfType(Tags.class).value()).map(Tag::value);
        }
        return method.isAnnotatedWith(Tag.class)
                ? Stream.of(method.getAnnotationOfType(Tag.class).value())
                : Stream.of();
    }

    @Test
    void everyPublicNameOfAsyncioIsInTheTable() throws IOException {
        Set<String> said = Pattern.compile("\\w+")
                .matcher(Files.readString(Path.of("..", "docs", "asyncio.md")))
                .results()
                .map(MatchResult::group)
                .collect(toSet());
        assertThat(said).containsAll(words(NAMES));
    }

    private static Set<String> words(String text) {
        return Set.copyOf(Arrays.asList(text.strip().split("\\s+", -1)));
    }
}

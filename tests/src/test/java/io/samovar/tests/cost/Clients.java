package io.samovar.tests.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Connections to the echo server of another process, which each have one message under way at most. */
final class Clients implements AutoCloseable {
    private static final int LIMIT_MILLIS = 30_000;

    private final List<Socket> sockets = new ArrayList<>();
    private final byte[] message;

    /**
     * @param size bytes of a message; both sockets' buffers must hold it
     */
    Clients(int port, int count, int size) throws IOException {
        message = new byte[size];
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            sockets.add(socket);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(LIMIT_MILLIS);
        }
    }

    /** Each sends a message and has its answer before the next does, so many times. */
    void inTurn(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            for (Socket socket : sockets) {
                send(socket);
                receive(socket);
            }
        }
    }

    void sendAll() throws IOException {
        for (Socket socket : sockets) {
            send(socket);
        }
    }

    void receiveAll() throws IOException {
        for (Socket socket : sockets) {
            receive(socket);
        }
    }

    private void send(Socket socket) throws IOException {
        message[0]++;
        message[message.length - 1] = message[0];
        socket.getOutputStream().write(message);
    }

    private void receive(Socket socket) throws IOException {
        byte[] answer = socket.getInputStream().readNBytes(message.length);
        assertThat(answer).hasSameSizeAs(message);
        assertThat(answer[0]).isEqualTo(answer[answer.length - 1]);
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}

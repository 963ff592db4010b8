package com.example.kettle;

import static io.samovar.Async.await;

import io.samovar.Async;
import io.samovar.Awaitable;
import io.samovar.Coroutine;
import java.time.Duration;
import java.util.List;

/** What DebuggerTest debugs. It finds lines by their text. */
public final class Kettle {
    private final boolean waits;
    private int served = 10;

    private Kettle(boolean waits) {
        this.waits = waits;
    }

    /**
     * Makes tea.
     *
     * @param order "breakfast" for that instead; "waits" if each await has to wait for a turn of the loop
     */
    public static void main(String... order) {
        Kettle kettle = new Kettle(List.of(order).contains("waits"));
        if (List.of(order).contains("breakfast")) {
            Async.run(() -> kettle.breakfast());
        } else {
            Async.run(() -> kettle.tea("Assam", 2, 0.5));
        }
    }

    private Awaitable<?> turn() {
        return waits ? Async.sleep(Duration.ZERO) : Coroutine.done();
    }

    private Coroutine<String> tea(String leaves, int cups, double strength) {
        long water = 5_000_000_000L;
        String pot = "pot of " + leaves;
        int first = served + 1;
        served = first;
        await(turn());
        water += leaves.length();
        for (int cup = 1; cup <= cups; cup++) {
            double degrees = 90.25 + cup;
            await(turn());
            served += (int) (degrees * strength);
        }
        String tea = pot + water;
        return Coroutine.of(tea);
    }

    private Coroutine<Integer> breakfast() {
        int plates = 1;
        int eggs = await(eggs(plates)) + await(eggs(2));
        try {
            plates += eggs;
            await(turn());
        } finally {
            served = plates;
        }
        return toast(plates);
    }

    private Coroutine<Integer> eggs(int number) {
        int boiling = number * 2;
        await(turn());
        return Coroutine.of(boiling);
    }

    private static Coroutine<Integer> toast(int slices) {
        return Coroutine.of(slices);
    }
}

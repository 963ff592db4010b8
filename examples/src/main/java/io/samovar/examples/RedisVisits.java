package io.samovar.examples;

import static io.samovar.Async.await;

import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import io.samovar.Async;
import io.samovar.Coroutine;

/** Counts in Redis how often it was run. */
public final class RedisVisits {
    private RedisVisits() {}

    public static void main(String[] args) {
        RedisURI redis = RedisURI.create(args.length == 0 ? "redis://127.0.0.1" : args[0]);
        System.out.println("visit number " + Async.run(() -> visit(redis, "samovar:visits")));
    }

    public static Coroutine<Long> visit(RedisURI redis, String counter) {
        LoopRedis client = LoopRedis.open();
        try {
            StatefulRedisConnection<String, String> connection = await(client.connectAsync(StringCodec.UTF8, redis));
            RedisAsyncCommands<String, String> commands = connection.async();
            long visits = await(commands.incr(counter));
            await(commands.set(counter + ":last", "number " + visits));
            await(connection.closeAsync());
            return Coroutine.of(visits);
        } finally {
            await(client.end());
        }
    }
}

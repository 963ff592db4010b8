package io.samovar.codec;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultChannelPipeline;

/** Netty's pipeline, with what comes out of its last handler going to the program. */
final class CodecPipeline extends DefaultChannelPipeline {
    private final Inbox inbox;

    CodecPipeline(CodecChannel channel) {
        super(channel);
        inbox = channel.inbox();
    }

    @Override
    protected void onUnhandledInboundMessage(ChannelHandlerContext context, Object message) {
        inbox.add(message);
    }

    @Override
    protected void onUnhandledInboundException(Throwable cause) {
        inbox.addFailure(cause);
    }
}

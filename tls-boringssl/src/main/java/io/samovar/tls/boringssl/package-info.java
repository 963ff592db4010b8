/** TLS by BoringSSL, which is used when this module is on the class path. */
@NullMarked
package io.samovar.tls.boringssl;

import org.jspecify.annotations.NullMarked;

/**
 * A model that runs in this process: an ONNX graph and a Hugging Face tokenizer, from files or from
 * the class path, never from the network.
 *
 * <p>Quantized graphs derive the scale of their activations from the whole batch, so that a vector
 * would depend on its batch mates, and padding would waste half of the work: {@link
 * io.mosaicdb.embedding.local.LocalBackend} runs one text at a time on the calling thread, and
 * callers run several side by side. A call is native and pins its carrier, so it belongs on a
 * platform thread.
 */
@NullMarked
package io.mosaicdb.embedding.local;

import org.jspecify.annotations.NullMarked;

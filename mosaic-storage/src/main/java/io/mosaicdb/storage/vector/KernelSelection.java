package io.mosaicdb.storage.vector;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the kernels when the first is asked for. {@code -Dmosaic.vector.kernels=scalar} forces
 * the fallback, to compare or to rule the Vector API out.
 */
final class KernelSelection {
  static final String PROPERTY = "mosaic.vector.kernels";
  static final VectorKernels BEST = choose();

  private KernelSelection() {}

  private static VectorKernels choose() {
    var kernels = choose(System.getProperty(PROPERTY, "auto"));
    log().info("vector_kernels={}", kernels.description());
    return kernels;
  }

  static VectorKernels choose(String wanted) {
    return switch (wanted) {
      case "scalar" -> new ScalarKernels();
      case "auto" -> simdOrScalar();
      default ->
          throw new IllegalArgumentException(
              "-D" + PROPERTY + " must be auto or scalar, got " + wanted);
    };
  }

  private static VectorKernels simdOrScalar() {
    // Without the module SimdKernels cannot be linked, so look for it before touching the class.
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      log()
          .warn(
              "vector search runs on the scalar kernels, several times slower: start Java with --add-modules jdk.incubator.vector");
      return new ScalarKernels();
    }
    return SimdKernels.widest();
  }

  private static Logger log() {
    return LoggerFactory.getLogger(VectorKernels.class);
  }
}

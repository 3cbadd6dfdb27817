package io.mosaicdb.storage.vector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelSelectionTest {
  @Test
  void takesTheVectorApiWhereTheModuleIsThere() {
    assertThat(KernelSelection.choose("auto").description()).contains("jdk.incubator.vector");
  }

  @Test
  void scalarCanBeForced() {
    assertThat(KernelSelection.choose("scalar").description()).isEqualTo("scalar");
  }

  @Test
  void rejectsAnUnknownChoice() {
    assertThatThrownBy(() -> KernelSelection.choose("simd"))
        .hasMessage("-Dmosaic.vector.kernels must be auto or scalar, got simd");
  }

  /** What a user sees who starts Java without the option. */
  @Test
  void runsWithoutTheModule() throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath = System.getProperty("java.class.path");

    var process =
        new ProcessBuilder(List.of(java, "-cp", classPath, KernelProbe.class.getName()))
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("kernels: scalar");
  }

  static final class KernelProbe {
    private KernelProbe() {}

    public static void main(String[] args) {
      System.out.println("kernels: " + VectorKernels.best().description());
    }
  }
}

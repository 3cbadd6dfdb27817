package io.mosaicdb.storage.vector;

class SimdKernelsTest extends VectorKernelsContract {
  @Override
  VectorKernels kernels() {
    return SimdKernels.widest();
  }
}

package io.mosaicdb.storage.vector;

class ScalarKernelsTest extends VectorKernelsContract {
  @Override
  VectorKernels kernels() {
    return new ScalarKernels();
  }
}

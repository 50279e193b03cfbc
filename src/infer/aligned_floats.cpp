#include "aligned_floats.hpp"

#include <algorithm>
#include <new>

namespace pyro::infer {

constexpr std::size_t kLine = 64;

AlignedFloats::AlignedFloats(std::size_t size)
    : data_(static_cast<float*>(::operator new (size * sizeof(float), std::align_val_t{kLine}))),
      size_(size) {
  std::fill_n(data_.get(), size_, 0.0F);
}
void AlignedFloats::Free::operator()(float* data) const {
  ::operator delete (data, std::align_val_t{kLine});
}

}  // namespace pyro::infer

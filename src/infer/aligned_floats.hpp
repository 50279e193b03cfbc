// Private to the room.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace pyro::infer {

// Floats that start on a cache line, zero at first.
class AlignedFloats {
 public:
  explicit AlignedFloats(std::size_t size);
  [[nodiscard]] float* data() { return data_.get(); }
  [[nodiscard]] const float* data() const { return data_.get(); }
  [[nodiscard]] std::span<float> span() { return {data_.get(), size_}; }

 private:
  struct Free {
    void operator()(float* data) const;
  };
  std::unique_ptr<float, Free> data_;
  std::size_t size_;
};

}  // namespace pyro::infer

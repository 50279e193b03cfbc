// A compiled network and the right to run it. Model is shared (its weights exist once); Network is one
// request of it and belongs to one thread at a time. Everything that the inference engine throws ends here as
// an Error.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::infer {

// The arithmetic of a network. bf16 is only taken when asked for: it moves landmarks by up to half a pixel.
enum class Precision { f32, bf16 };

struct CompileOptions {
  Precision precision = Precision::f32;
  // Threads inside one call. One is best here: two networks side by side use two cores better than one
  // network does, and with one the call runs in the caller's own thread without a context switch.
  int threads = 1;
  // Some networks have a runner of our own, which is quicker and differs from the engine's by float rounding.
  // It serves f32 on one thread, on processors with AVX2 or AVX-512; true: the engine runs them all the same.
  bool engine_only = false;
};

// A compiled model. Cheap to copy; safe to share between threads; lives as long as a copy or a Network of it
// does.
class Model {
 public:
  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const std::string& version() const;  // of the manifest

  struct Impl;
  explicit Model(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  std::shared_ptr<const Impl> impl_;
};

// One request with its own tensors. Not thread-safe; many Networks of one Model may run at the same time.
// run() does not allocate in our code; the tensors of a model with fixed shapes never move.
class Network {
 public:
  static Result<Network> create(const Model& model);
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  ~Network();

  // For models with a free input shape: sets it (the contents are undefined afterwards). Errors: wrong rank
  // or a shape that the model cannot take.
  Status set_input_shape(std::span<const std::size_t> shape, std::size_t index = 0);

  // Float32, row-major, in the shape of the model's card. Valid until the Network ends or its input shape
  // changes.
  [[nodiscard]] std::span<float> input(std::size_t index = 0);
  [[nodiscard]] const std::vector<std::size_t>& input_shape(std::size_t index = 0) const;

  Status run();

  // The result of the last run(); valid until the next.
  [[nodiscard]] std::span<const float> output(std::size_t index = 0) const;
  [[nodiscard]] const std::vector<std::size_t>& output_shape(std::size_t index = 0) const;
  [[nodiscard]] std::size_t output_count() const;

 private:
  struct Impl;
  explicit Network(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyro::infer

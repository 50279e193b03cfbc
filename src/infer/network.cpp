#include "pyro/infer/network.hpp"

#include <algorithm>
#include <optional>
#include <variant>

#include "engine.hpp"

namespace pyro::infer {
namespace {

tl::unexpected<Error> engine_error(const Model& model, const char* doing, const std::exception& error) {
  return failed("model " + model.name() + ": the engine failed while " + doing +
                    "; check it with `./run models verify` and its settings with `./run doctor`",
                error.what());
}

std::span<float> floats(ov::Tensor tensor) {
  return {tensor.data<float>(), tensor.get_size()};
}

}  // namespace

const std::string& Model::name() const {
  return impl_->name;
}
const std::string& Model::version() const {
  return impl_->version;
}

struct Network::Impl {
  Model model;
  // The engine's request, or the memory of one of our own runners.
  std::variant<ov::InferRequest, PlaneNet::Memory, ConvNet::Memory, TreeNet::Memory, RegressionNet::Memory>
      work;
  // Where inputs and outputs lie is asked once: asking the engine allocates.
  std::vector<std::span<float>> inputs;
  std::vector<std::span<const float>> outputs;
  std::vector<std::vector<std::size_t>> input_shapes, output_shapes;
  bool fixed_outputs = true;

  [[nodiscard]] ov::InferRequest* request() { return std::get_if<ov::InferRequest>(&work); }

  void read_outputs() {
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const ov::Tensor tensor = request()->get_output_tensor(i);
      outputs[i] = floats(tensor);
      output_shapes[i] = tensor.get_shape();
    }
  }
};

Network::Network(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

Result<Network> Network::create(const Model& model) {
  try {
    auto impl = std::make_unique<Impl>(Impl{model, {}, {}, {}, {}, {}});
    const auto take = [&]<class Net>(const Net* net) {
      if (net == nullptr) return false;
      auto& memory = impl->work.template emplace<typename Net::Memory>(*net);
      impl->inputs.push_back(memory.input());
      impl->input_shapes.push_back(net->input_shape());
      for (std::size_t i = 0; i < net->outputs(); ++i) {
        impl->outputs.push_back(memory.output(i));
        impl->output_shapes.push_back(net->output_shape(i));
      }
      return true;
    };
    if (take(std::get_if<PlaneNet>(&model.impl().compiled)) ||
        take(std::get_if<ConvNet>(&model.impl().compiled)) ||
        take(std::get_if<TreeNet>(&model.impl().compiled)) ||
        take(std::get_if<RegressionNet>(&model.impl().compiled)))
      return Network(std::move(impl));
    const auto& compiled = std::get<ov::CompiledModel>(model.impl().compiled);
    // const_cast-free: a CompiledModel is a handle, and its copy names the same compiled network.
    ov::CompiledModel handle = compiled;
    impl->work = handle.create_infer_request();
    impl->inputs.resize(handle.inputs().size());
    impl->input_shapes.resize(impl->inputs.size());
    impl->outputs.resize(handle.outputs().size());
    impl->output_shapes.resize(impl->outputs.size());
    for (std::size_t i = 0; i < impl->inputs.size(); ++i) {
      if (handle.input(i).get_partial_shape().is_dynamic()) continue;  // waits for set_input_shape
      const ov::Tensor tensor = impl->request()->get_input_tensor(i);
      impl->inputs[i] = floats(tensor);
      impl->input_shapes[i] = tensor.get_shape();
      // Uninitialised memory may hold denormal numbers, with which a call takes many times longer.
      std::ranges::fill(impl->inputs[i], 0.0F);
    }
    for (const auto& output : handle.outputs()) {
      impl->fixed_outputs = impl->fixed_outputs && !output.get_partial_shape().is_dynamic();
    }
    if (impl->fixed_outputs) impl->read_outputs();
    return Network(std::move(impl));
  } catch (const std::exception& error) {
    return engine_error(model, "making a request", error);
  }
}

Status Network::set_input_shape(std::span<const std::size_t> shape, std::size_t index) {
  if (std::ranges::equal(impl_->input_shapes.at(index), shape)) return {};
  if (impl_->request() == nullptr)
    return wrong_use("model " + impl_->model.name() + ": its input shape is fixed");
  try {
    ov::Tensor tensor = impl_->request()->get_input_tensor(index);
    tensor.set_shape(ov::Shape(shape.begin(), shape.end()));
    impl_->inputs[index] = floats(tensor);
    impl_->input_shapes[index].assign(shape.begin(), shape.end());
    return {};
  } catch (const std::exception& error) {
    return engine_error(impl_->model, "changing the input's shape", error);
  }
}

std::span<float> Network::input(std::size_t index) {
  return impl_->inputs.at(index);
}
const std::vector<std::size_t>& Network::input_shape(std::size_t index) const {
  return impl_->input_shapes.at(index);
}

Status Network::run() {
  const auto& compiled = impl_->model.impl().compiled;
  if (auto* planes = std::get_if<PlaneNet::Memory>(&impl_->work)) {
    std::get<PlaneNet>(compiled).run(*planes);
    return {};
  }
  if (auto* conv = std::get_if<ConvNet::Memory>(&impl_->work)) {
    std::get<ConvNet>(compiled).run(*conv);
    return {};
  }
  if (auto* trees = std::get_if<TreeNet::Memory>(&impl_->work)) {
    std::get<TreeNet>(compiled).run(*trees);
    return {};
  }
  if (auto* regression = std::get_if<RegressionNet::Memory>(&impl_->work)) {
    std::get<RegressionNet>(compiled).run(*regression);
    return {};
  }
  try {
    impl_->request()->infer();
    if (!impl_->fixed_outputs) impl_->read_outputs();
    return {};
  } catch (const std::exception& error) {
    return engine_error(impl_->model, "running", error);
  }
}

std::span<const float> Network::output(std::size_t index) const {
  return impl_->outputs.at(index);
}
const std::vector<std::size_t>& Network::output_shape(std::size_t index) const {
  return impl_->output_shapes.at(index);
}
std::size_t Network::output_count() const {
  return impl_->output_shapes.size();
}

}  // namespace pyro::infer

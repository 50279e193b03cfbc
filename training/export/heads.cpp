#include "export/heads.hpp"

#include <algorithm>
#include <openvino/core/graph_util.hpp>
#include <openvino/opsets/opset13.hpp>
#include <openvino/runtime/core.hpp>
#include <stdexcept>

#include "export/ir.hpp"

namespace pyro::training {
namespace {

namespace op = ov::opset13;
constexpr std::array kHeads = {"product", "fer2013"};

struct Head {
  std::shared_ptr<op::Constant> weight, bias;
};

// softmax ← add(bias) ← matmul(weight)
Head head_of(const std::shared_ptr<ov::Model>& model, const std::string& name) {
  const std::shared_ptr<ov::Node> softmax = model->output(name).get_node()->get_input_node_shared_ptr(0);
  const std::shared_ptr<ov::Node> sum = softmax->get_input_node_shared_ptr(0);
  Head head;
  for (const ov::Output<ov::Node>& input : sum->input_values()) {
    if (const auto bias = ov::as_type_ptr<op::Constant>(input.get_node_shared_ptr())) {
      head.bias = bias;
    } else if (const auto product = ov::as_type_ptr<op::MatMul>(input.get_node_shared_ptr())) {
      head.weight = ov::as_type_ptr<op::Constant>(product->get_input_node_shared_ptr(1));
    }
  }
  if (!head.weight || !head.bias) {
    throw std::invalid_argument("its output '" + name + "' is no linear head");
  }
  return head;
}

Array array_of(const op::Constant& constant, std::vector<std::size_t> shape) {
  return {std::move(shape), constant.cast_vector<float>()};
}

tl::unexpected<Error> no_model(const std::filesystem::path& xml, const std::exception& error) {
  return bad_input(xml.string() + ": is no expression model of Pyrometer; give the .xml of one",
                   error.what());
}

}  // namespace

Result<Arrays> embeddings_and_heads(const std::filesystem::path& xml, const Array& faces, int threads) {
  try {
    ov::Core core;
    const std::shared_ptr<ov::Model> model = core.read_model(xml.string());
    Arrays answer;
    for (const char* name : kHeads) {
      const Head head = head_of(model, name);
      answer.items[std::string(name) + ".weight"] = array_of(*head.weight, head.weight->get_shape());
      answer.items[std::string(name) + ".bias"] =
          array_of(*head.bias, {ov::shape_size(head.bias->get_shape())});
    }
    ov::CompiledModel compiled =
        core.compile_model(model, "CPU", ov::num_streams(threads), ov::inference_num_threads(threads),
                           ov::hint::inference_precision(ov::element::f32));
    const std::size_t count = faces.shape.empty() ? 0 : faces.shape[0];
    const std::size_t pixels = count == 0 ? 0 : faces.values.size() / count;
    const std::size_t width = answer.items["product.weight"].shape.at(1);
    Array embedding{{count, width}, std::vector<float>(count * width)};
    std::vector<ov::InferRequest> requests;
    for (int i = 0; i < threads; ++i) {
      requests.push_back(compiled.create_infer_request());
    }
    const auto fetch = [&](std::size_t face) {
      ov::InferRequest& request = requests[face % requests.size()];
      request.wait();
      const ov::Tensor values = request.get_tensor("embedding");
      std::copy_n(values.data<const float>(), width,
                  embedding.values.begin() + static_cast<std::ptrdiff_t>(face * width));
    };
    for (std::size_t face = 0; face < count; ++face) {
      if (face >= requests.size()) {
        fetch(face - requests.size());
      }
      ov::InferRequest& request = requests[face % requests.size()];
      std::copy_n(faces.values.begin() + static_cast<std::ptrdiff_t>(face * pixels), pixels,
                  request.get_input_tensor().data<float>());
      request.start_async();
    }
    for (std::size_t face = count - std::min(count, requests.size()); face < count; ++face) {
      fetch(face);
    }
    answer.items["embedding"] = std::move(embedding);
    return answer;
  } catch (const std::exception& error) {
    return no_model(xml, error);
  }
}

Status replace_heads(const std::filesystem::path& xml, const Arrays& heads,
                     const std::filesystem::path& out) {
  std::shared_ptr<ov::Model> model;
  try {
    ov::Core core;
    model = core.read_model(xml.string());
    for (const char* name : kHeads) {
      const Head head = head_of(model, name);
      for (const auto& [part, constant] :
           {std::pair{".weight", head.weight}, std::pair{".bias", head.bias}}) {
        const auto found = heads.items.find(std::string(name) + part);
        if (found == heads.items.end()) {
          continue;
        }
        if (found->second.values.size() != ov::shape_size(constant->get_shape())) {
          throw std::invalid_argument(found->first + " has another size");
        }
        const auto other =
            op::Constant::create(ov::element::f32, constant->get_shape(), found->second.values);
        other->set_friendly_name(constant->get_friendly_name());
        ov::replace_node(constant, other);
      }
    }
  } catch (const std::exception& error) {
    return no_model(xml, error);
  }
  return save_model(model, out);
}

}  // namespace pyro::training

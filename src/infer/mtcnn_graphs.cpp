#include "mtcnn_graphs.hpp"

#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <openvino/opsets/opset13.hpp>
#include <optional>
#include <stdexcept>

namespace pyro::infer {
namespace {

namespace op = ov::opset13;
using Node = ov::Output<ov::Node>;

// Tensors of a safetensors file by name. Throws std::runtime_error where the file does not hold what is asked
// for.
class Weights {
 public:
  explicit Weights(std::span<const std::uint8_t> file) : file_(file) {
    std::uint64_t length = 0;
    if (file.size() < sizeof length) throw std::runtime_error("the weights' file is cut off");
    std::memcpy(&length, file.data(), sizeof length);
    if (length > file.size() - sizeof length) throw std::runtime_error("the weights' header is cut off");
    body_ = sizeof length + static_cast<std::size_t>(length);
    header_ = nlohmann::json::parse(file.begin() + sizeof length,
                                    file.begin() + static_cast<std::ptrdiff_t>(body_));
  }

  [[nodiscard]] std::shared_ptr<op::Constant> operator()(
      const std::string& name, const std::optional<ov::Shape>& as = std::nullopt) const {
    const auto& entry = header_.at(name);
    const auto shape = as.value_or(ov::Shape(entry.at("shape").get<std::vector<std::size_t>>()));
    const auto begin = entry.at("data_offsets").at(0).get<std::size_t>();
    const auto end = entry.at("data_offsets").at(1).get<std::size_t>();
    if (entry.at("dtype") != "F32" || begin > end || end > file_.size() - body_ ||
        end - begin != ov::shape_size(shape) * sizeof(float)) {
      throw std::runtime_error("the weights' tensor " + name + " does not fit");
    }
    return op::Constant::create(ov::element::f32, shape, std::vector<float>(values(begin, end)));
  }
  [[nodiscard]] std::size_t outputs_of(const std::string& name) const {
    return header_.at(name).at("shape").at(0).get<std::size_t>();
  }

 private:
  [[nodiscard]] std::vector<float> values(std::size_t begin, std::size_t end) const {
    std::vector<float> out((end - begin) / sizeof(float));
    std::memcpy(out.data(), file_.data() + body_ + begin, end - begin);
    return out;
  }
  std::span<const std::uint8_t> file_;
  std::size_t body_ = 0;
  nlohmann::json header_;
};

class Builder {
 public:
  explicit Builder(const Weights& weights) : weights_(weights) {}

  [[nodiscard]] Node convolution(const Node& x, const std::string& name) const {
    const auto product = std::make_shared<op::Convolution>(x, weights_(name + ".weight"), ov::Strides{1, 1},
                                                           ov::CoordinateDiff{0, 0}, ov::CoordinateDiff{0, 0},
                                                           ov::Strides{1, 1});
    const auto bias = weights_(name + ".bias", ov::Shape{1, weights_.outputs_of(name + ".bias"), 1, 1});
    return std::make_shared<op::Add>(product, bias);
  }
  [[nodiscard]] Node prelu(const Node& x, const std::string& name) const {
    return std::make_shared<op::PRelu>(x, weights_(name + ".weight"));
  }
  [[nodiscard]] Node pool(const Node& x, std::size_t size) const {
    return std::make_shared<ov::op::v1::MaxPool>(x, ov::Strides{2, 2}, ov::Shape{0, 0}, ov::Shape{0, 0},
                                                 ov::Shape{size, size}, ov::op::RoundingType::CEIL);
  }
  // The original flattens (N, C, H, W) in the order (W, H, C).
  [[nodiscard]] Node flat(const Node& x) const {
    const auto order = op::Constant::create(ov::element::i64, ov::Shape{4}, {0, 3, 2, 1});
    const auto shape = op::Constant::create(ov::element::i64, ov::Shape{2}, {0, -1});
    return std::make_shared<op::Reshape>(std::make_shared<op::Transpose>(x, order), shape, true);
  }
  [[nodiscard]] Node dense(const Node& x, const std::string& name) const {
    const auto product = std::make_shared<op::MatMul>(x, weights_(name + ".weight"), false, true);
    return std::make_shared<op::Add>(product, weights_(name + ".bias"));
  }
  [[nodiscard]] Node softmax(const Node& x) const { return std::make_shared<op::Softmax>(x, 1); }
  // Convolution and its activation.
  [[nodiscard]] Node layer(const Node& x, const std::string& number) const {
    return prelu(convolution(x, "conv" + number), "prelu" + number);
  }

 private:
  const Weights& weights_;
};

std::shared_ptr<op::Parameter> input_of(std::int64_t batch, std::int64_t side) {
  return std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{batch, 3, side, side});
}

std::shared_ptr<ov::Model> pnet(const Builder& make) {
  const auto input = input_of(1, -1);
  const Node x = make.layer(make.layer(make.pool(make.layer(input, "1"), 2), "2"), "3");
  return std::make_shared<ov::Model>(
      ov::OutputVector{make.convolution(x, "conv4_2"), make.softmax(make.convolution(x, "conv4_1"))},
      ov::ParameterVector{input}, "mtcnn_pnet");
}

std::shared_ptr<ov::Model> rnet(const Builder& make) {
  const auto input = input_of(-1, 24);
  Node x = make.pool(make.layer(input, "1"), 3);
  x = make.layer(make.pool(make.layer(x, "2"), 3), "3");
  x = make.prelu(make.dense(make.flat(x), "dense4"), "prelu4");
  return std::make_shared<ov::Model>(
      ov::OutputVector{make.dense(x, "dense5_2"), make.softmax(make.dense(x, "dense5_1"))},
      ov::ParameterVector{input}, "mtcnn_rnet");
}

std::shared_ptr<ov::Model> onet(const Builder& make) {
  const auto input = input_of(-1, 48);
  Node x = make.pool(make.layer(input, "1"), 3);
  x = make.pool(make.layer(x, "2"), 3);
  x = make.layer(make.pool(make.layer(x, "3"), 2), "4");
  x = make.prelu(make.dense(make.flat(x), "dense5"), "prelu5");
  return std::make_shared<ov::Model>(
      ov::OutputVector{make.dense(x, "dense6_2"), make.softmax(make.dense(x, "dense6_1")),
                       make.dense(x, "dense6_3")},
      ov::ParameterVector{input}, "mtcnn_onet");
}

}  // namespace

Result<std::shared_ptr<ov::Model>> build_mtcnn(const std::string& name, std::span<const std::uint8_t> file) {
  try {
    const Weights weights(file);
    const Builder builder(weights);
    if (name == "mtcnn_pnet") return pnet(builder);
    if (name == "mtcnn_rnet") return rnet(builder);
    if (name == "mtcnn_onet") return onet(builder);
    return bad_input("model " + name + ": there is no graph for these weights");
  } catch (const std::exception& error) {
    return bad_input("model " + name + ": its weights cannot be used; fetch them again with setup/fetch",
                     error.what());
  }
}

}  // namespace pyro::infer

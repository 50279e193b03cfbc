#include "pyro/regression/regression.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "pyro/infer/model_forms.hpp"

namespace pyro::regression {

Result<Regression> Regression::open(const infer::ModelStore& models, const std::string& name) {
  const infer::ModelEntry* entry = models.find(name);
  if (entry != nullptr && !infer::is_regression(*entry))
    return wrong_use("model '" + name + "' is no regression; `./run models list` shows what each is");
  const Result<infer::Model> model = models.compile(name);
  if (!model) return tl::make_unexpected(model.error());
  Result<infer::Network> network = infer::Network::create(*model);
  if (!network) return tl::make_unexpected(network.error());
  const Result<std::vector<std::uint8_t>> bytes = models.read(name);
  if (!bytes) return tl::make_unexpected(bytes.error());
  Regression regression(std::move(*network), entry->reference());
  try {
    const nlohmann::json json = nlohmann::json::parse(bytes->begin(), bytes->end());
    regression.target_ = json.at("target").at("column").get<std::string>();
    regression.features_ = features_of(json.at("features"));
  } catch (const std::exception& error) {
    return bad_input("model '" + name + "': cannot be read as a regression; fit it anew (`./run regress`)",
                     error.what());
  }
  return regression;
}

Result<std::vector<Prediction>> Regression::predict(const Table& table) {
  const Result<Matrix> matrix = encode(table, features_);
  if (!matrix) return tl::make_unexpected(matrix.error());
  std::vector<Prediction> predictions(table.rows);
  for (std::size_t i = 0; i < table.rows; ++i) {
    const float* row = matrix->row(i);
    std::copy_n(row, matrix->columns, network_.input().begin());
    const auto known =
        std::count_if(row, row + matrix->columns, [](float value) { return std::isfinite(value); });
    if (Status ran = network_.run(); !ran) return tl::make_unexpected(ran.error());
    predictions[i].known_share = static_cast<double>(known) / static_cast<double>(matrix->columns);
    predictions[i].value = known > 0 ? static_cast<double>(network_.output()[0]) : std::nan("");
  }
  return predictions;
}

}  // namespace pyro::regression

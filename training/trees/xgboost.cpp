#include "trees/xgboost.hpp"

#include <xgboost/c_api.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace pyro::training::xgboost {
namespace {

void check(int code) {
  if (code != 0) {
    throw std::runtime_error(XGBGetLastError());
  }
}

}  // namespace

void FreeMatrix::operator()(void* matrix) const {
  XGDMatrixFree(matrix);
}
void FreeBooster::operator()(void* booster) const {
  XGBoosterFree(booster);
}

Matrix matrix_of(std::span<const float> values, std::size_t columns, std::span<const float> labels) {
  DMatrixHandle handle = nullptr;
  check(XGDMatrixCreateFromMat(values.data(), labels.size(), columns, std::nanf(""), &handle));
  Matrix matrix(handle);
  check(XGDMatrixSetFloatInfo(handle, "label", labels.data(), labels.size()));
  return matrix;
}

Booster booster_of(std::span<void* const> known, const Settings& settings) {
  BoosterHandle handle = nullptr;
  check(XGBoosterCreate(known.data(), known.size(), &handle));
  Booster booster(handle);
  const auto set = [&](const char* name, const std::string& value) {
    check(XGBoosterSetParam(handle, name, value.c_str()));
  };
  set("tree_method", "hist");
  set("nthread", "1");
  set("verbosity", "0");
  for (const auto& [name, value] : settings) {
    set(name, value);
  }
  return booster;
}

void grow(const Booster& booster, const Matrix& fit, int round) {
  check(XGBoosterUpdateOneIter(booster.get(), round, fit.get()));
}

double loss(const Booster& booster, const Matrix& judged, int round) {
  DMatrixHandle matrix = judged.get();
  const char* name = "judged";
  const char* text = nullptr;
  check(XGBoosterEvalOneIter(booster.get(), round, &matrix, &name, 1, &text));
  const std::string line(text);  // "[3]\tjudged-mlogloss:1.234"
  return std::stod(line.substr(line.rfind(':') + 1));
}

std::vector<float> predict(const Booster& booster, const Matrix& matrix, int rounds, Output output) {
  const std::string config = nlohmann::json{
      {"type", static_cast<int>(output)},
      {"training", false},
      {"iteration_begin", 0},
      {"iteration_end", rounds},
      {"strict_shape", true}}.dump();
  const bst_ulong* shape = nullptr;
  bst_ulong dims = 0;
  const float* values = nullptr;
  check(XGBoosterPredictFromDMatrix(booster.get(), matrix.get(), config.c_str(), &shape, &dims, &values));
  std::size_t count = 1;
  for (bst_ulong d = 0; d < dims; ++d) {
    count *= shape[d];
  }
  return {values, values + count};
}

// XGBoost's nodes are in the order of their making; ours have a node's two children beside each other and
// behind it, which lets a reader see that every walk ends.
Forest forest_of(const Booster& booster, int rounds, int trees_a_round) {
  bst_ulong length = 0;
  const char* bytes = nullptr;
  check(XGBoosterSaveModelToBuffer(booster.get(), R"({"format":"json"})", &length, &bytes));
  const nlohmann::json saved = nlohmann::json::parse(std::string_view(bytes, length));
  const nlohmann::json& model = saved.at("learner").at("gradient_booster").at("model");
  Forest forest;
  forest.rounds = rounds;
  for (int t = 0; t < rounds * trees_a_round; ++t) {
    const nlohmann::json& tree = model.at("trees").at(static_cast<std::size_t>(t));
    if (model.at("tree_info").at(static_cast<std::size_t>(t)).get<int>() != t % trees_a_round) {
      throw std::runtime_error("trees do not come class by class");
    }
    const auto left = tree.at("left_children").get<std::vector<int>>();
    const auto right = tree.at("right_children").get<std::vector<int>>();
    const auto feature = tree.at("split_indices").get<std::vector<int>>();
    const auto value = tree.at("split_conditions").get<std::vector<float>>();
    const auto& missing = tree.at("default_left");
    forest.root.push_back(forest.left.size());
    const auto add = [&] {
      forest.left.push_back(0);
      forest.feature.push_back(0);
      forest.missing_left.push_back(0);
      forest.value.push_back(0);
      return forest.left.size() - 1;
    };
    // (theirs, ours)
    std::vector<std::pair<std::size_t, std::size_t>> open = {{0, add()}};
    while (!open.empty()) {
      const auto [theirs, ours] = open.back();
      open.pop_back();
      forest.value[ours] = value[theirs];
      if (left[theirs] < 0) {
        continue;
      }
      const std::size_t first = add();
      add();
      forest.left[ours] = static_cast<std::int32_t>(first);
      forest.feature[ours] = static_cast<std::uint16_t>(feature[theirs]);
      const nlohmann::json& to_left = missing.at(theirs);
      forest.missing_left[ours] = to_left.is_boolean() ? (to_left.get<bool>() ? 1 : 0) : to_left.get<int>();
      open.emplace_back(static_cast<std::size_t>(left[theirs]), first);
      open.emplace_back(static_cast<std::size_t>(right[theirs]), first + 1);
    }
  }
  return forest;
}

}  // namespace pyro::training::xgboost

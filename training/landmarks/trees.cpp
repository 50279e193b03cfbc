#include "landmarks/trees.hpp"

#include <xgboost/c_api.h>

#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace pyro::training {
namespace {

// XGBoost tells what went wrong by a text; it ends here as an exception and in fit_trees as an Error.
void check(int code) {
  if (code != 0) {
    throw std::runtime_error(XGBGetLastError());
  }
}

struct FreeMatrix {
  void operator()(void* matrix) const { XGDMatrixFree(matrix); }
};
struct FreeBooster {
  void operator()(void* booster) const { XGBoosterFree(booster); }
};
using Matrix = std::unique_ptr<void, FreeMatrix>;
using Booster = std::unique_ptr<void, FreeBooster>;

Matrix matrix_of(const Examples& examples) {
  DMatrixHandle handle = nullptr;
  check(XGDMatrixCreateFromMat(examples.values.data(), examples.size(), examples.features, std::nanf(""),
                               &handle));
  Matrix matrix(handle);
  check(XGDMatrixSetFloatInfo(handle, "label", examples.labels.data(), examples.size()));
  return matrix;
}

Booster booster_of(const Matrix& fit, const Matrix& stopping, const TreeOptions& options) {
  const std::array<DMatrixHandle, 2> known = {fit.get(), stopping.get()};
  BoosterHandle handle = nullptr;
  check(XGBoosterCreate(known.data(), known.size(), &handle));
  Booster booster(handle);
  const auto set = [&](const char* name, const std::string& value) {
    check(XGBoosterSetParam(handle, name, value.c_str()));
  };
  set("objective", "multi:softprob");
  set("eval_metric", "mlogloss");
  set("num_class", std::to_string(kClasses));
  set("tree_method", "hist");
  set("max_bin", "128");
  set("nthread", "1");
  set("verbosity", "0");
  set("seed", std::to_string(options.seed));
  set("max_depth", std::to_string(options.max_depth));
  set("eta", std::to_string(options.learning_rate));
  set("subsample", std::to_string(options.row_share));
  set("colsample_bytree", std::to_string(options.feature_share));
  set("min_child_weight", std::to_string(options.least_weight));
  set("lambda", std::to_string(options.l2));
  return booster;
}

double stopping_loss(const Booster& booster, const Matrix& stopping, int round) {
  DMatrixHandle matrix = stopping.get();
  const char* name = "stopping";
  const char* text = nullptr;
  check(XGBoosterEvalOneIter(booster.get(), round, &matrix, &name, 1, &text));
  const std::string line(text);  // "[3]\tstopping-mlogloss:1.234"
  return std::stod(line.substr(line.rfind(':') + 1));
}

// The first `rounds` rounds. XGBoost's nodes are in the order of their making; ours have a node's two
// children beside each other and behind it, which lets a reader see that every walk ends.
Forest forest_of(const Booster& booster, int rounds) {
  bst_ulong length = 0;
  const char* bytes = nullptr;
  check(XGBoosterSaveModelToBuffer(booster.get(), R"({"format":"json"})", &length, &bytes));
  const nlohmann::json saved = nlohmann::json::parse(std::string_view(bytes, length));
  const nlohmann::json& model = saved.at("learner").at("gradient_booster").at("model");
  Forest forest;
  forest.rounds = rounds;
  for (int t = 0; t < rounds * kClasses; ++t) {
    const nlohmann::json& tree = model.at("trees").at(static_cast<std::size_t>(t));
    if (model.at("tree_info").at(static_cast<std::size_t>(t)).get<int>() != t % kClasses) {
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

std::vector<Distribution> predict(const Booster& booster, const Examples& examples, int rounds) {
  const Matrix matrix = matrix_of(examples);
  const std::string config = nlohmann::json{
      {"type", 0},
      {"training", false},
      {"iteration_begin", 0},
      {"iteration_end", rounds},
      {"strict_shape", true}}.dump();
  const bst_ulong* shape = nullptr;
  bst_ulong dims = 0;
  const float* values = nullptr;
  check(XGBoosterPredictFromDMatrix(booster.get(), matrix.get(), config.c_str(), &shape, &dims, &values));
  std::vector<Distribution> said(examples.size());
  for (std::size_t i = 0; i < said.size(); ++i) {
    std::copy_n(values + i * kClasses, kClasses, said[i].begin());
  }
  return said;
}

}  // namespace

nlohmann::json to_json(const TreeOptions& options) {
  return {{"seed", options.seed},
          {"rounds", options.rounds},
          {"patience", options.patience},
          {"max_depth", options.max_depth},
          {"learning_rate", options.learning_rate},
          {"row_share", options.row_share},
          {"feature_share", options.feature_share},
          {"least_weight", options.least_weight},
          {"l2", options.l2}};
}

void Examples::add(const std::vector<float>& row, int label) {
  features = row.size();
  values.insert(values.end(), row.begin(), row.end());
  labels.push_back(static_cast<float>(label));
}

Result<Fitted> fit_trees(const Examples& fit, const Examples& stopping, const Examples& judged,
                         const TreeOptions& options) {
  if (fit.size() == 0 || stopping.size() == 0 || judged.size() == 0) {
    return bad_input("too few pictures with a mesh to fit, stop and judge on; give more pictures");
  }
  try {
    const Matrix fit_matrix = matrix_of(fit);
    const Matrix stopping_matrix = matrix_of(stopping);
    const Booster booster = booster_of(fit_matrix, stopping_matrix, options);
    int best = 0;
    double least = 0;
    for (int round = 0; round < options.rounds && round <= best + options.patience; ++round) {
      check(XGBoosterUpdateOneIter(booster.get(), round, fit_matrix.get()));
      const double loss = stopping_loss(booster, stopping_matrix, round);
      if (round == 0 || loss < least) {
        best = round;
        least = loss;
      }
    }
    Fitted fitted{forest_of(booster, best + 1), predict(booster, judged, best + 1)};
    fitted.forest.stopping_loss = least;
    return fitted;
  } catch (const std::exception& error) {
    return failed("XGBoost cannot fit the trees; check the features' table", error.what());
  }
}

}  // namespace pyro::training

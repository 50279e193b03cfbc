#include "export/record.hpp"

#include <nlohmann/json.hpp>

#include "datasets/fer2013.hpp"

namespace pyro::training {
namespace {

using nlohmann::json;

// Neither name nor version nor licence: those are given when the model is taken into the registry.
json plain_record() {
  return {{"schema", 1},
          {"task", "probabilities of 7 expressions from one aligned grey face"},
          {"made_by", "pyrometer-train"},
          {"classes", kClassNames},
          {"input",
           {{"face",
             {{"shape", {1, 1, crop::kExpressionSide, crop::kExpressionSide}},
              {"layout", "grey levels, row by row, top left first"},
              {"normalisation",
               "crop::normalise: (pixel - mean) / max(standard deviation, 8), both of this one picture"}}}}}};
}

}  // namespace

json record_of(const json& about, const json& exported) {
  json record = plain_record();
  record["parameters"] = exported.at("parameters");
  record["multiply_adds"] = exported.at("multiply_adds");
  record["training"] = about.at("settings");
  if (about.contains("data")) {
    record["data"] = about.at("data");
  }
  // A best.pt knows its epoch's figures, a checkpoint.pt only how far it got.
  if (about.contains("metrics")) {
    const json& metrics = about.at("metrics");
    record["training"]["chosen_epoch"] = metrics.at("epoch").get<int>() + 1;
    for (const char* head : {"product", "fer2013"}) {
      record["metrics"][head]["held_out_to_choose_on"] = {
          {"accuracy", metrics.at(std::string("hold_out_") + head)}};
    }
  }
  for (const char* head : {"product", "fer2013"}) {
    record["calibration"][head] = {{"temperature", exported.at("temperature").at(head)}};
  }
  for (const char* precision : {"f32", "bf16", "int8"}) {
    if (!exported.contains(precision)) {
      continue;
    }
    record["parity"][precision] = exported.at(precision).at("largest_difference");
    if (exported.at(precision).contains("time")) {
      record["speed"][precision] = exported.at(precision).at("time");
    }
  }
  return record;
}

json record_of_finetuned(const json& data, const json& report) {
  json record = plain_record();
  record["data"] = data;
  record["training"] = {{"how", "one head fitted anew on the embeddings of the parent, whose network stays"}};
  for (const char* key : {"head", "pull", "folds", "seed"}) {
    record["training"][key] = report.at(key);
  }
  const std::string head = report.at("head").get<std::string>();
  if (!report.at("after").is_null()) {
    record["metrics"][head] = {{"held_out", report.at("after")}, {"held_out_parent", report.at("before")}};
  }
  return record;
}

}  // namespace pyro::training

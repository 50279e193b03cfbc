// The record of a model (docs/formats.md) as the training tools write it beside the exported files.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace pyro::training {

// Of an exported run: `about` is what its checkpoint says, `exported` what the export measured.
nlohmann::json record_of(const nlohmann::json& about, const nlohmann::json& exported);

// Of a model with one head fitted anew: `data` from facts_of(), `report` what finetune() gives.
nlohmann::json record_of_finetuned(const nlohmann::json& data, const nlohmann::json& report);

}  // namespace pyro::training

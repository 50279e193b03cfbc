// A finished run judged on pictures that took no part in it.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "nets/net.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

// The averaged weights of a best.pt or checkpoint.pt, in the network they belong to, in evaluation mode.
Result<NetPtr> load_net(const std::filesystem::path& weights);

// Both heads on PublicTest, with the pictures that have an exact twin in the training part and without them:
// {"fer2013": {"with_twins": {...}, "without_twins": {...}}, "product": {...}}, each with n, accuracy and its
// 95 % interval, balanced_accuracy, macro_f1, confusion.
Result<nlohmann::json> evaluate(const std::filesystem::path& weights, const std::filesystem::path& data);

}  // namespace pyro::training

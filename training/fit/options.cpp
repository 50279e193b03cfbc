#include "fit/options.hpp"

#include <nlohmann/json.hpp>

namespace pyro::training {

nlohmann::json to_json(const FitOptions& options) {
  const AugmentOptions& augment = options.augment;
  return {{"epochs", options.epochs},
          {"batch", options.batch},
          {"seed", options.seed},
          {"hold_out", options.hold_out},
          {"learning_rate", options.learning_rate},
          {"warm_up_epochs", options.warm_up_epochs},
          {"momentum", options.momentum},
          {"weight_decay", options.weight_decay},
          {"label_smoothing", options.label_smoothing},
          {"mixup_chance", options.mixup_chance},
          {"ema_decay", options.ema_decay},
          {"augment",
           {{"flip_chance", augment.flip_chance},
            {"rotation_deg", augment.rotation_deg},
            {"scale", augment.scale},
            {"shift_px", augment.shift_px},
            {"light_chance", augment.light_chance},
            {"blur_chance", augment.blur_chance},
            {"erase_chance", augment.erase_chance},
            {"erase_share", augment.erase_share}}},
          {"net",
           {{"channels", options.net.channels},
            {"blocks", options.net.blocks},
            {"dropout", options.net.dropout}}}};
}

NetOptions net_from_json(const nlohmann::json& json) {
  NetOptions net;
  net.channels = json.at("net").at("channels").get<std::vector<int>>();
  net.blocks = json.at("net").at("blocks").get<std::vector<int>>();
  net.dropout = json.at("net").at("dropout").get<double>();
  return net;
}

}  // namespace pyro::training

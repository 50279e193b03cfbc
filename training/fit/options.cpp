#include "fit/options.hpp"

#include <nlohmann/json.hpp>

namespace pyro::training {

nlohmann::json to_json(const FitOptions& options) {
  const AugmentOptions& augment = options.augment;
  return {{"epochs", options.epochs},
          {"batch", options.batch},
          {"seed", options.seed},
          {"hold_out", options.hold_out},
          {"split_seed", options.split_seed},
          {"optimiser", options.optimiser},
          {"schedule", options.schedule},
          {"learning_rate", options.learning_rate},
          {"warm_up_epochs", options.warm_up_epochs},
          {"momentum", options.momentum},
          {"weight_decay", options.weight_decay},
          {"ema_decay", options.ema_decay},
          {"patience", options.patience},
          {"fer2013_weight", options.fer2013_weight},
          {"product_weight", options.product_weight},
          {"label_smoothing", options.label_smoothing},
          {"balance", options.balance},
          {"distill_weight", options.distill_weight},
          {"temperature", options.temperature},
          {"mixup_chance", options.mixup_chance},
          {"cutmix_chance", options.cutmix_chance},
          {"arithmetic", options.arithmetic},
          {"sides", options.sides},
          {"augment",
           {{"flip_chance", augment.flip_chance},
            {"rotation_deg", augment.rotation_deg},
            {"scale", augment.scale},
            {"shift_px", augment.shift_px},
            {"light_chance", augment.light_chance},
            {"blur_chance", augment.blur_chance},
            {"erase_chance", augment.erase_chance},
            {"erase_share", augment.erase_share}}},
          {"net", to_json(options.net)}};
}

}  // namespace pyro::training
